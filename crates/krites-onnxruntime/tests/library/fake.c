/* A library that says it is ONNX Runtime. VERSION is what it calls itself; with HAS_BASE and
   HAS_API it gives its interface, whose functions are all empty but for those that are
   placed here. */
extern long write(int, const void *, unsigned long);

static void *nothing(void) { return 0; }

static void *create(void *log, void *param, int level, const char *name, void **out) {
    static int environment;
    (void)log, (void)param, (void)level, (void)name;
    *out = &environment;
    return 0;
}

static void *telemetry_on(void *environment) {
    (void)environment;
    write(1, "telemetry on\n", 13);
    return 0;
}

static void *telemetry_off(void *environment) {
    (void)environment;
    write(1, "telemetry off\n", 14);
    return 0;
}

static const char *build(void) { return "ORT Build Info: git-branch=rel-" VERSION ", git-commit-id=0"; }

static const void *functions[FUNCTIONS];

static const void *api(unsigned version) {
    (void)version;
    for (unsigned i = 0; i < FUNCTIONS; i++) functions[i] = (const void *)nothing;
    functions[CREATE] = (const void *)create;
    functions[TELEMETRY_ON] = (const void *)telemetry_on;
    functions[TELEMETRY_OFF] = (const void *)telemetry_off;
    functions[BUILD] = (const void *)build;
    return HAS_API ? functions : 0;
}

static const char *version(void) { return VERSION; }

static const struct { const void *(*api)(unsigned); const char *(*version)(void); } base = { api, version };

const void *OrtGetApiBase(void) { return HAS_BASE ? &base : 0; }
