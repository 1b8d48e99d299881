//! Walks over the syntax tree of CEL: the parts of an expression, and which names are bound where.

use std::collections::BTreeSet;

use cel::common::ast::{EntryExpr, Expr, IdedEntryExpr, IdedExpr, LiteralValue};

/// Expressions inside each other. The parser goes deeper than a walk that calls itself should.
pub(crate) const DEEPEST: usize = 200;

/// A part of an expression as [`each`] shows it.
pub(crate) struct Part<'e> {
    /// The part.
    pub(crate) expression: &'e mut IdedExpr,
    /// Is it inside what the loop around it repeats, where the names of the loop are bound?
    pub(crate) repeated: bool,
}

/// Calls `visit` with each direct part of an expression, and stops at the first error.
pub(crate) fn each(expression: &mut Expr, visit: &mut dyn FnMut(Part<'_>) -> Result<(), String>) -> Result<(), String> {
    let mut outside = |expression: &mut IdedExpr| visit(Part { expression, repeated: false });
    match expression {
        Expr::Unspecified | Expr::Literal(_) | Expr::Ident(_) => Ok(()),
        Expr::Select(select) => outside(&mut select.operand),
        Expr::List(list) => list.elements.iter_mut().try_for_each(outside),
        Expr::Map(map) => each_entry(&mut map.entries, &mut outside),
        Expr::Struct(record) => each_entry(&mut record.entries, &mut outside),
        Expr::Call(call) => {
            call.target.iter_mut().try_for_each(|target| outside(target))?;
            call.args.iter_mut().try_for_each(outside)
        }
        Expr::Comprehension(one) => {
            outside(&mut one.iter_range)?;
            outside(&mut one.accu_init)?;
            [&mut one.loop_cond, &mut one.loop_step, &mut one.result]
                .into_iter()
                .try_for_each(|expression| visit(Part { expression, repeated: true }))
        }
    }
}

fn each_entry(
    entries: &mut [IdedEntryExpr],
    visit: &mut dyn FnMut(&mut IdedExpr) -> Result<(), String>,
) -> Result<(), String> {
    entries.iter_mut().try_for_each(|entry| match &mut entry.expr {
        EntryExpr::StructField(field) => visit(&mut field.value),
        EntryExpr::MapEntry(entry) => {
            visit(&mut entry.key)?;
            visit(&mut entry.value)
        }
    })
}

/// The names that a loop binds for what it repeats; none where the expression is no loop.
pub(crate) fn bound_by(expression: &Expr) -> Vec<String> {
    match expression {
        Expr::Comprehension(one) => {
            [Some(&one.iter_var), one.iter_var2.as_ref(), Some(&one.accu_var)].into_iter().flatten().cloned().collect()
        }
        _ => Vec::new(),
    }
}

/// Is shown a name and the names that are bound where it is.
type SeeName<'v> = dyn FnMut(&mut IdedExpr, &[String]) -> Result<(), String> + 'v;

/// Calls `visit` with each name that stands for a value and is bound by no loop around it, and with the names bound there.
pub(crate) fn each_free_name(
    expression: &mut IdedExpr,
    bound: &mut Vec<String>,
    visit: &mut SeeName<'_>,
) -> Result<(), String> {
    free_names(expression, bound, 0, visit)
}

fn free_names(
    expression: &mut IdedExpr,
    bound: &mut Vec<String>,
    depth: usize,
    visit: &mut SeeName<'_>,
) -> Result<(), String> {
    if depth > DEEPEST {
        return Err(format!("more than {DEEPEST} expressions inside each other"));
    }
    if let Expr::Ident(name) = &expression.expr {
        return if bound.contains(name) { Ok(()) } else { visit(expression, bound) };
    }
    let own = bound_by(&expression.expr);
    each(&mut expression.expr, &mut |part| {
        let before = bound.len();
        if part.repeated {
            bound.extend(own.iter().cloned());
        }
        let done = free_names(part.expression, bound, depth + 1, visit);
        bound.truncate(before);
        done
    })
}

/// Is a function of this name called anywhere in it? The depth is bounded where the expression is compiled.
pub(crate) fn calls(expression: &IdedExpr, name: &str) -> bool {
    fn within(expression: &mut IdedExpr, name: &str) -> bool {
        let mut found = matches!(&expression.expr, Expr::Call(call) if call.func_name == name);
        let walked = each(&mut expression.expr, &mut |part| {
            found = found || within(part.expression, name);
            Ok(())
        });
        found && walked.is_ok()
    }
    within(&mut expression.clone(), name)
}

/// The whole numbers that stand in it.
pub(crate) fn numbers(expression: &IdedExpr) -> BTreeSet<i64> {
    fn within(expression: &mut IdedExpr, found: &mut BTreeSet<i64>) {
        if let Expr::Literal(LiteralValue::Int(number)) = &expression.expr {
            found.insert(*number.inner());
        }
        // Nothing that is visited fails.
        let _ = each(&mut expression.expr, &mut |part| {
            within(part.expression, found);
            Ok(())
        });
    }
    let mut found = BTreeSet::new();
    within(&mut expression.clone(), &mut found);
    found
}

/// The names that stand for a value and are bound by no loop.
pub(crate) fn free(expression: &IdedExpr) -> Result<BTreeSet<String>, String> {
    let mut names = BTreeSet::new();
    each_free_name(&mut expression.clone(), &mut Vec::new(), &mut |name, _| {
        if let Expr::Ident(name) = &name.expr {
            names.insert(name.clone());
        }
        Ok(())
    })?;
    Ok(names)
}
