//! Functions: parameters, values of their own, calls.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::names::Meaning;
use super::scope::Scope;
use super::{Checker, Env, call, codes};
use crate::ast;
use crate::ids::{FunctionId, List, LocalId};
use crate::ir::{self, Bounds};
use crate::types::DeclaredTy;
use crate::{Diagnostic, Id as _, Span};

/// A function whose parameters and result are known
#[derive(Clone)]
pub(super) struct FunctionHead<'a> {
    ast: &'a ast::FunctionDecl,
    /// `None` where a type could not be read
    parameters: Vec<Option<ParameterHead>>,
    ty: Option<DeclaredTy>,
}

#[derive(Clone)]
struct ParameterHead {
    local: LocalId,
    ty: DeclaredTy,
    range: Option<ir::ConstRange>,
}

impl<'a> Checker<'a> {
    pub(super) fn declare_function(&mut self, decl: &'a ast::FunctionDecl) {
        let name = &decl.name;
        if call::built_in().any(|known| known == name.text) {
            self.report(
                Diagnostic::error(
                    codes::FUNCTION_NAME_TAKEN,
                    format!("`{}` is a function of the language", name.text),
                    name.span,
                )
                .help("give it another name"),
            );
            return;
        }
        let parameters = decl.parameters.iter();
        let parameters = parameters
            .map(|parameter| self.parameter(parameter))
            .collect();
        let ty = self.always_there(&decl.ty, "the result of a function");
        let meaning = Meaning::Function(self.functions.len());
        self.declare(&name.text, meaning, name.span);
        self.functions.push(FunctionHead {
            ast: decl,
            parameters,
            ty,
        });
    }

    fn parameter(&mut self, parameter: &ast::Parameter) -> Option<ParameterHead> {
        let ty = self.always_there(&parameter.ty, "a parameter")?;
        let range = match &parameter.range {
            Some(range) => Some(self.constant_range(range, ty.ty)?),
            None => None,
        };
        let local = self.add_local(&parameter.name.text, ty);
        if let Some(range) = &range {
            self.local_bounds.insert(local, Bounds::declared(range));
        }
        Some(ParameterHead { local, ty, range })
    }

    fn always_there(&mut self, written: &ast::TypeExpr, what: &str) -> Option<DeclaredTy> {
        let ty = self.declared_type(written)?;
        if ty.optional {
            self.report(
                Diagnostic::error(
                    codes::FUNCTION_OPTIONAL,
                    format!("{what} is never missing"),
                    written.span,
                )
                .help("leave out the `?`, and say at the call what stands in: `x if missing 0`"),
            );
            return None;
        }
        Some(ty)
    }

    pub(super) fn check_functions(&mut self) -> Option<List<FunctionId, ir::Function>> {
        let mut functions = List::default();
        let mut sound = true;
        for position in 0..self.functions.len() {
            let Some(head) = self.functions.get(position).cloned() else {
                continue;
            };
            let source = head.ast.span.source;
            match self.within(source, |checker| checker.function(head)) {
                Some(function) => _ = functions.push(function),
                None => sound = false,
            }
        }
        sound.then_some(functions)
    }

    fn function(&mut self, head: FunctionHead<'a>) -> Option<ir::Function> {
        let mut sound = head.ty.is_some();
        let mut names: BTreeMap<String, (LocalId, Span)> = BTreeMap::new();
        let mut parameters = Vec::new();
        for (written, parameter) in head.ast.parameters.iter().zip(head.parameters) {
            let Some(parameter) = parameter else {
                sound = false;
                continue;
            };
            sound &= self.name_once(&mut names, &written.name, parameter.local);
            parameters.push(ir::Parameter {
                local: parameter.local,
                range: parameter.range,
            });
        }
        if !sound {
            return None;
        }
        self.scopes.push(Scope::Function(names));
        let checked = self.function_body(head.ast, head.ty?);
        self.scopes.pop();
        let (bindings, value) = checked?;
        Some(ir::Function {
            name: Arc::from(head.ast.name.text.as_str()),
            parameters,
            bindings,
            value,
            ty: head.ty?,
            span: head.ast.name.span,
        })
    }

    fn function_body(
        &mut self,
        decl: &'a ast::FunctionDecl,
        ty: DeclaredTy,
    ) -> Option<(Vec<ir::Binding>, ir::Expr)> {
        let mut bindings = Vec::with_capacity(decl.bindings.len());
        for binding in &decl.bindings {
            let (ty, value) = self.binding(binding)?;
            let bounds = self.bounds(&value, &Env::default());
            let local = self.add_local(&binding.name.text, ty);
            self.local_bounds
                .insert(local, bounds.held_to(ty, self.rounding));
            let mut names = match self.scopes.pop() {
                Some(Scope::Function(names)) => names,
                Some(Scope::Elements(_) | Scope::Row(_)) | None => BTreeMap::new(),
            };
            let sound = self.name_once(&mut names, &binding.name, local);
            self.scopes.push(Scope::Function(names));
            if !sound {
                return None;
            }
            bindings.push(ir::Binding { local, value });
        }
        let value = self.expr(&decl.value, Some(ty.ty), &Env::default())?;
        Some((bindings, self.coerce(value, ty.ty)?))
    }

    fn binding(&mut self, binding: &ast::Binding) -> Option<(DeclaredTy, ir::Expr)> {
        let env = Env::default();
        match &binding.ty {
            Some(written) => {
                let ty = self.always_there(written, "a value of a function's own")?;
                let value = self.expr(&binding.value, Some(ty.ty), &env)?;
                Some((ty, self.coerce(value, ty.ty)?))
            }
            None => {
                let value = self.expr(&binding.value, None, &env)?;
                let ty = DeclaredTy::bare(value.ty);
                Some((ty, value))
            }
        }
    }

    fn name_once(
        &mut self,
        names: &mut BTreeMap<String, (LocalId, Span)>,
        name: &ast::Name,
        local: LocalId,
    ) -> bool {
        let before = names.insert(name.text.clone(), (local, name.span));
        if let Some((_, before)) = before {
            self.report_twice(&name.text, name.span, before);
        }
        before.is_none()
    }

    /// Types a call of a policy's own function.
    pub(super) fn own_call(
        &mut self,
        position: usize,
        declared: Span,
        arguments: &[ast::Expr],
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let head = self.functions.get(position)?.clone();
        let (name, wanted) = (&head.ast.name.text, head.parameters.len());
        if arguments.len() != wanted {
            let named = head.ast.parameters.iter();
            let named: Vec<&str> = named
                .map(|parameter| parameter.name.text.as_str())
                .collect();
            let many = match wanted {
                0 => "no argument".to_owned(),
                1 => "one argument".to_owned(),
                wanted => format!("{wanted} arguments"),
            };
            self.report(
                Diagnostic::error(
                    codes::ARGUMENT_COUNT,
                    format!("`{name}` takes {many}"),
                    span,
                )
                .evidence(declared, "declared here")
                .help(format!("write `{name}({})`", named.join(", "))),
            );
            return None;
        }
        let mut typed = Vec::with_capacity(wanted);
        let mut sound = true;
        let written = head.ast.parameters.iter().zip(&head.parameters);
        for (argument, (written, parameter)) in arguments.iter().zip(written) {
            let Some(parameter) = parameter else {
                sound = false;
                continue;
            };
            let value = self.expr(argument, Some(parameter.ty.ty), env);
            match value.and_then(|value| self.coerce(value, parameter.ty.ty)) {
                Some(value) => {
                    if let ir::ExprKind::Literal(literal) = &value.kind {
                        let (range, name) = (parameter.range.as_ref(), &written.name);
                        let declared = written.range.as_ref().map(|range| range.span);
                        self.check_inside(literal, range, &name.text, declared, value.span);
                    }
                    typed.push(value);
                }
                None => sound = false,
            }
        }
        let ty = head.ty?;
        sound.then(|| ir::Expr {
            kind: ir::ExprKind::Call(FunctionId::new(position), typed),
            ty: ty.ty,
            optional: false,
            span,
        })
    }
}
