//! Reads ordinary JSON straight into the slots: each name is compared with the one that
//! followed the last time, and each value is read as what the input is.
//! Invariant: it refuses nothing. What is out of the ordinary it leaves to the reader
//! beside it, which reads all of it anew: so errors are that one's.

use krites_lang::{Exact, Frame, InputId, Program, Ty};

use super::super::names::{Holds, Key, KeyIndex, Names, NodeId, Outline, Spot};
use super::cursor::{Cursor, Digits};

/// How many objects and lists may lie within each other; deeper ones are left
const MAX_DEPTH: u32 = 32;

/// After how many texts at most that were left one is looked at again
const MOST_PASSED: u32 = 63;

/// Which name followed which the last time, and whether looking was worth it
///
/// It is a hint that makes reading faster and never different.
#[derive(Debug, Default)]
pub(in crate::bind) struct Order {
    names: Outline,
    /// By spot: the key that was met there
    keys: Vec<KeyIndex>,
    /// How many texts in a row were left
    left: u32,
    /// How many are to be passed
    pass: u32,
}

impl Order {
    fn prepare(&mut self, names: &Names) {
        if self.names != names.outline() {
            *self = Order {
                names: names.outline(),
                keys: vec![0; names.n_keys()],
                left: 0,
                pass: 0,
            };
        }
    }
}

/// Binds the facts of a JSON object to a frame that [`Program::begin`] emptied, and tells
/// whether it did. If not, the frame wants another `begin`.
pub(in crate::bind) fn bind_fast(
    names: &Names,
    order: &mut Order,
    program: &Program,
    frame: &mut Frame,
    text: &str,
) -> bool {
    order.prepare(names);
    if order.pass > 0 {
        order.pass -= 1;
        return false;
    }
    let mut reader = Fast {
        names,
        order,
        program,
        frame,
        json: Cursor::new(text),
        depth: 0,
    };
    let done = reader.all().is_some() && program.finish_inputs(frame).is_ok();
    order.left = if done { 0 } else { order.left + 1 };
    let pass = 1_u32.checked_shl(order.left.saturating_sub(1));
    order.pass = pass.map_or(MOST_PASSED, |pass| (pass - 1).min(MOST_PASSED));
    done
}

/// The state of one reading
struct Fast<'a> {
    names: &'a Names,
    order: &'a mut Order,
    program: &'a Program,
    frame: &'a mut Frame,
    json: Cursor<'a>,
    depth: u32,
}

impl<'a> Fast<'a> {
    fn all(&mut self) -> Option<()> {
        self.json.space();
        self.object(NodeId::ROOT)?;
        self.json.space();
        self.json.is_at_end().then_some(())
    }

    fn object(&mut self, record: NodeId) -> Option<()> {
        self.json.take(b'{')?;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        self.json.space();
        let mut spot = Spot::beginning(record);
        // Records and lists of this object: an input that is given twice is found
        // where it is set.
        let mut seen = 0_u64;
        if self.json.take(b'}').is_none() {
            loop {
                let key = self.key(record, spot)?;
                self.json.space();
                if let Holds::Input(id) = key.holds {
                    self.leaf(id)?;
                } else {
                    let bit = 1_u64.checked_shl(u32::from(key.place))?;
                    if seen & bit != 0 {
                        return None;
                    }
                    seen |= bit;
                    self.further(key)?;
                }
                spot = Spot::behind(key.node);
                self.json.space();
                if self.json.take(b',').is_none() {
                    self.json.take(b'}')?;
                    break;
                }
                self.json.space();
            }
        }
        self.depth -= 1;
        Some(())
    }

    /// Takes a name and its colon.
    #[inline]
    fn key(&mut self, record: NodeId, spot: Spot) -> Option<&'a Key> {
        let names = self.names;
        let next = self.order.keys.get(spot.index()).copied();
        if let Some(key) = next.and_then(|next| names.key(next))
            && key.below == record
            && let Some(bytes) = key.begins(self.json.rest())
        {
            self.json.skip(bytes);
            return Some(key);
        }
        self.search(record, spot)
    }

    #[cold]
    fn search(&mut self, record: NodeId, spot: Spot) -> Option<&'a Key> {
        let name = self.json.string()?;
        self.json.space();
        self.json.take(b':')?;
        let found = self.names.find_key(record, name)?;
        if let Some(next) = self.order.keys.get_mut(spot.index()) {
            *next = found;
        }
        self.names.key(found)
    }

    /// Reads the value of an input.
    #[inline]
    fn leaf(&mut self, id: InputId) -> Option<()> {
        let Fast {
            program,
            frame,
            json,
            ..
        } = self;
        let set = match json.peek()? {
            b'"' => program.set_text(frame, id, json.string()?),
            b't' => {
                json.word("true")?;
                program.set_boolean(frame, id, true)
            }
            b'f' => {
                json.word("false")?;
                program.set_boolean(frame, id, false)
            }
            b'n' => {
                json.word("null")?;
                program.set_missing(frame, id)
            }
            _ => {
                let (text, digits) = json.number()?;
                match digits {
                    Digits::Whole(value) => program.set_integer(frame, id, value),
                    Digits::Decimal { units, places }
                        if program.declared(id).ty.ty != Ty::Float =>
                    {
                        let value = Exact::new(units.into(), places).ok()?;
                        program.set_exact(frame, id, value)
                    }
                    _ => program.set_number_text(frame, id, text),
                }
            }
        };
        set.ok()
    }

    /// Reads a record, a list or a series.
    fn further(&mut self, key: &Key) -> Option<()> {
        if self.json.peek()? == b'n' {
            self.json.word("null")?;
            let set = self.names.set_missing(self.program, self.frame, key.node);
            return set.ok();
        }
        match key.holds {
            Holds::Record => self.object(key.node),
            Holds::List(list, plain) => {
                self.program.begin_list(self.frame, list).ok()?;
                self.elements(|reader| reader.element(key.node, plain))?;
                self.program.end_list(self.frame).ok()
            }
            Holds::Series(_) => {
                let mut places = self.names.elements(key.node).iter();
                self.elements(|reader| {
                    let place = places.next()?;
                    reader.leaf(reader.names.node(*place).input()?)
                })?;
                places.next().is_none().then_some(())
            }
            Holds::Input(_) => None,
        }
    }

    fn elements(&mut self, mut element: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.json.take(b'[')?;
        self.json.space();
        if self.json.take(b']').is_some() {
            return Some(());
        }
        loop {
            element(self)?;
            self.json.space();
            if self.json.take(b',').is_none() {
                return self.json.take(b']');
            }
            self.json.space();
        }
    }

    fn element(&mut self, list: NodeId, plain: Option<InputId>) -> Option<()> {
        self.program.begin_element(self.frame).ok()?;
        match plain {
            Some(id) => self.leaf(id)?,
            None => self.object(list)?,
        }
        self.program.end_element(self.frame).ok()
    }
}
