//! Damage that keeps a file readable: fields of an ONNX file are changed, taken out,
//! doubled and crossed, and the lengths around them set right.

use std::collections::BTreeMap;

/// Numbers that files are wrong by
const NUMBERS: [u64; 14] = [
    0,
    1,
    2,
    3,
    7,
    127,
    1 << 20,
    1 << 31,
    1 << 40,
    i64::MAX as u64,
    i64::MIN as u64,
    u64::MAX,
    u64::MAX - 1,
    100_000_000,
];

/// Floats that files are wrong by
const FLOATS: [f32; 8] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    f32::NAN,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::MAX,
];

/// A message that is looked into
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Model,
    OperatorSet,
    Graph,
    Node,
    Attribute,
    Tensor,
    Port,
    Type,
    TensorType,
    Shape,
    Dimension,
}

#[derive(Clone, Debug)]
struct Field {
    number: u64,
    value: Value,
}

#[derive(Clone, Debug)]
enum Value {
    Number(u64),
    Fixed(Vec<u8>),
    Bytes(Vec<u8>),
    Message(Kind, Vec<Field>),
}

/// Damages a model in one to four places; `choose` gives a number below another.
pub(crate) fn damaged(model: &[u8], choose: &mut dyn FnMut(usize) -> usize) -> Vec<u8> {
    let mut fields = read(Kind::Model, model).expect("a model to damage");
    let mut pool = BTreeMap::new();
    collect(Kind::Model, &fields, &mut pool);
    for _ in 0..=choose(4) {
        let at = choose(count(&fields).max(1));
        change(Kind::Model, &mut fields, &mut { at }, &pool, choose);
    }
    let mut bytes = Vec::new();
    write(&fields, &mut bytes);
    bytes
}

fn inner(kind: Kind, number: u64) -> Option<Kind> {
    Some(match (kind, number) {
        (Kind::Model, 7) | (Kind::Attribute, 6 | 11) => Kind::Graph,
        (Kind::Model, 8) => Kind::OperatorSet,
        (Kind::Graph, 1) => Kind::Node,
        (Kind::Graph, 5) | (Kind::Attribute, 5 | 10) => Kind::Tensor,
        (Kind::Graph, 11 | 12) => Kind::Port,
        (Kind::Node, 5) => Kind::Attribute,
        (Kind::Port, 2) => Kind::Type,
        (Kind::Type, 1) => Kind::TensorType,
        (Kind::TensorType, 2) => Kind::Shape,
        (Kind::Shape, 1) => Kind::Dimension,
        _ => return None,
    })
}

fn read(kind: Kind, mut bytes: &[u8]) -> Option<Vec<Field>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = number(&mut bytes)?;
        let value = match key & 7 {
            0 => Value::Number(number(&mut bytes)?),
            1 => Value::Fixed(bytes.split_off(..8)?.to_vec()),
            2 => {
                let length = usize::try_from(number(&mut bytes)?).ok()?;
                let content = bytes.split_off(..length)?;
                match inner(kind, key >> 3) {
                    Some(kind) => Value::Message(kind, read(kind, content)?),
                    None => Value::Bytes(content.to_vec()),
                }
            }
            5 => Value::Fixed(bytes.split_off(..4)?.to_vec()),
            _ => return None,
        };
        fields.push(Field {
            number: key >> 3,
            value,
        });
    }
    Some(fields)
}

fn number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.split_off_first()?;
        number |= u64::from(byte & 127) << shift;
        if byte < 128 {
            return Some(number);
        }
    }
    None
}

fn write_number(mut number: u64, bytes: &mut Vec<u8>) {
    while number > 127 {
        bytes.push((number & 127) as u8 | 128);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn write(fields: &[Field], bytes: &mut Vec<u8>) {
    for field in fields {
        let wire = match &field.value {
            Value::Number(_) => 0,
            Value::Fixed(fixed) if fixed.len() == 8 => 1,
            Value::Fixed(_) => 5,
            Value::Bytes(_) | Value::Message(..) => 2,
        };
        write_number(field.number << 3 | wire, bytes);
        match &field.value {
            Value::Number(number) => write_number(*number, bytes),
            Value::Fixed(fixed) => bytes.extend(fixed),
            Value::Bytes(content) => {
                write_number(content.len() as u64, bytes);
                bytes.extend(content);
            }
            Value::Message(_, inner) => {
                let mut content = Vec::new();
                write(inner, &mut content);
                write_number(content.len() as u64, bytes);
                bytes.extend(content);
            }
        }
    }
}

/// All values by message and field, so that one can stand where another stood
type Pool = BTreeMap<(Kind, u64), Vec<Value>>;

fn collect(kind: Kind, fields: &[Field], pool: &mut Pool) {
    for field in fields {
        let values = pool.entry((kind, field.number)).or_default();
        values.push(field.value.clone());
        if let Value::Message(kind, inner) = &field.value {
            collect(*kind, inner, pool);
        }
    }
}

fn count(fields: &[Field]) -> usize {
    let of = |field: &Field| match &field.value {
        Value::Message(_, inner) => 1 + count(inner),
        _ => 1,
    };
    fields.iter().map(of).sum()
}

/// Changes the field that is `at` fields on.
fn change(
    kind: Kind,
    fields: &mut Vec<Field>,
    at: &mut usize,
    pool: &Pool,
    choose: &mut dyn FnMut(usize) -> usize,
) -> bool {
    for idx in 0..fields.len() {
        if *at == 0 {
            change_field(kind, fields, idx, pool, choose);
            return true;
        }
        *at -= 1;
        if let Value::Message(inner_kind, inner) = &mut fields[idx].value
            && change(*inner_kind, inner, at, pool, choose)
        {
            return true;
        }
    }
    false
}

fn change_field(
    kind: Kind,
    fields: &mut Vec<Field>,
    idx: usize,
    pool: &Pool,
    choose: &mut dyn FnMut(usize) -> usize,
) {
    match choose(8) {
        0 => drop(fields.remove(idx)),
        1 => fields.insert(idx, fields[idx].clone()),
        2 | 3 => {
            let others = &pool[&(kind, fields[idx].number)];
            fields[idx].value = others[choose(others.len())].clone();
        }
        _ => {
            let number = fields[idx].number;
            match &mut fields[idx].value {
                Value::Number(number) => *number = another(*number, choose),
                Value::Fixed(fixed) if fixed.len() == 4 => {
                    *fixed = FLOATS[choose(FLOATS.len())].to_le_bytes().to_vec();
                }
                Value::Fixed(fixed) => {
                    let float = f64::from(FLOATS[choose(FLOATS.len())]);
                    *fixed = float.to_le_bytes().to_vec();
                }
                Value::Bytes(content) => change_list(kind, number, content, choose),
                Value::Message(_, inner) => drop(inner.pop()),
            }
        }
    }
}

fn another(number: u64, choose: &mut dyn FnMut(usize) -> usize) -> u64 {
    match choose(4) {
        0 => number.wrapping_add(1),
        1 => number.wrapping_sub(1),
        _ => NUMBERS[choose(NUMBERS.len())],
    }
}

/// Changes one element of a packed list, or its length, or a letter of a text.
fn change_list(
    kind: Kind,
    field: u64,
    content: &mut Vec<u8>,
    choose: &mut dyn FnMut(usize) -> usize,
) {
    let size = match (kind, field) {
        (Kind::Attribute, 7) | (Kind::Tensor, 4) => 4,
        (Kind::Tensor, 10) => 8,
        (Kind::Attribute, 8) | (Kind::Tensor, 1 | 5 | 7) => 0,
        _ => 1,
    };
    if size == 0 {
        let (mut rest, mut list) = (content.as_slice(), Vec::new());
        while let Some(one) = number(&mut rest) {
            list.push(one);
        }
        let at = choose(list.len() + 1);
        match (choose(4), list.get_mut(at)) {
            (0, Some(_)) => drop(list.remove(at)),
            (_, Some(one)) => *one = another(*one, choose),
            (_, None) => list.push(NUMBERS[choose(NUMBERS.len())]),
        }
        content.clear();
        list.into_iter().for_each(|one| write_number(one, content));
        return;
    }
    let at = choose(content.len() / size + 1) * size;
    if at + size > content.len() {
        let again: Vec<u8> = content.iter().take(size).copied().collect();
        content.extend(again);
        return;
    }
    let float = FLOATS[choose(FLOATS.len())];
    match (choose(4), size) {
        (0, _) => drop(content.drain(at..at + size)),
        (_, 4) => content[at..at + 4].copy_from_slice(&float.to_le_bytes()),
        (_, 8) => content[at..at + 8].copy_from_slice(&f64::from(float).to_le_bytes()),
        _ => content[at] = content[at].wrapping_add(1),
    }
}
