//! `krites`: checks, formats, tests, runs and times policies, and looks at models and at
//! what runs them.
//!
//! Exit codes: 0 all is well; 1 a policy, a test or a row failed; 2 the command
//! was used wrongly.

/// Writes a line to standard output; one that nobody reads is let go.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($words)*);
    }};
}

/// Writes a line to standard error, as [`say`] does.
macro_rules! complain {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), $($words)*);
    }};
}

mod command;
mod files;
mod paint;
mod report;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Checks, formats, tests, runs and times Krites policies
#[derive(Debug, Parser)]
#[command(name = "krites", version, about, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(command::check::Check),
    Fmt(command::fmt::Fmt),
    Test(command::test::Test),
    Run(command::run::Run),
    Bench(command::bench::Bench),
    Model(command::model::Model),
    Runtime(command::runtime::Runtime),
    ExplainCode(command::explain_code::ExplainCode),
}

/// What becomes of a command that was used rightly
enum Outcome {
    Fine,
    Failed,
}

impl Outcome {
    fn of(fine: bool) -> Self {
        if fine { Self::Fine } else { Self::Failed }
    }
}

fn main() -> ExitCode {
    // Wrong usage ends here, with code 2.
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Command::Check(check) => check.run(),
        Command::Fmt(fmt) => fmt.run(),
        Command::Test(test) => test.run(),
        Command::Run(run) => run.run(),
        Command::Bench(bench) => bench.run(),
        Command::Model(model) => model.run(),
        Command::Runtime(runtime) => runtime.run(),
        Command::ExplainCode(explain) => explain.run(),
    };
    match outcome {
        Outcome::Fine => ExitCode::SUCCESS,
        Outcome::Failed => ExitCode::from(1),
    }
}
