//! JSON in which a name may stand twice, and chance that is the same every time.

use serde_json::Value;

/// Numbers that look like chance and follow from a seed alone (`SplitMix64`).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `count`.
    pub fn one_of(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(count.max(1)).unwrap()).unwrap()
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.one_of(from.len())]
    }
}

/// A JSON value in which a name may stand twice.
#[derive(Clone, Debug)]
pub enum Node {
    /// As it is written.
    Raw(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    pub fn read(json: &[u8]) -> Self {
        Self::of(&serde_json::from_slice(json).unwrap())
    }

    fn of(value: &Value) -> Self {
        match value {
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(list) => Self::List(list.iter().map(Self::of).collect()),
            Value::Object(members) => {
                Self::Object(members.iter().map(|(name, value)| (name.clone(), Self::of(value))).collect())
            }
            other => Self::Raw(other.to_string()),
        }
    }

    pub fn null() -> Self {
        Self::raw("null")
    }

    pub fn raw(text: &str) -> Self {
        Self::Raw(text.to_owned())
    }

    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub fn string(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub fn list(&mut self) -> Option<&mut Vec<Node>> {
        if let Self::List(list) = self { Some(list) } else { None }
    }

    pub fn first(&self) -> Option<&Node> {
        if let Self::List(list) = self { list.first() } else { None }
    }

    fn children(&self) -> Vec<&Node> {
        match self {
            Self::List(list) => list.iter().collect(),
            Self::Object(members) => members.iter().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        }
    }

    fn children_mut(&mut self) -> Vec<&mut Node> {
        match self {
            Self::List(list) => list.iter_mut().collect(),
            Self::Object(members) => members.iter_mut().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        }
    }

    /// The first value that stands under a name, however deep.
    pub fn find(&self, name: &str) -> Option<&Node> {
        if let Self::Object(members) = self
            && let Some((_, value)) = members.iter().find(|(own, _)| own == name)
        {
            return Some(value);
        }
        self.children().into_iter().find_map(|child| child.find(name))
    }

    pub fn find_mut(&mut self, name: &str) -> Option<&mut Node> {
        let own = match self {
            Self::Object(members) => members.iter().position(|(own, _)| own == name),
            _ => None,
        };
        let mut children = self.children_mut();
        match own {
            Some(at) => Some(children.swap_remove(at)),
            None => children.into_iter().find_map(|child| child.find_mut(name)),
        }
    }

    fn count(&self, is: fn(&Node) -> bool) -> usize {
        usize::from(is(self)) + self.children().into_iter().map(|child| child.count(is)).sum::<usize>()
    }

    fn nth(&mut self, is: fn(&Node) -> bool, left: &mut usize) -> Option<&mut Node> {
        if is(self) {
            if *left == 0 {
                return Some(self);
            }
            *left -= 1;
        }
        self.children_mut().into_iter().find_map(|child| child.nth(is, left))
    }

    /// An object of the tree; the root where there is none.
    pub fn any_object(&mut self, random: &mut Random) -> &mut Node {
        let is = |node: &Node| matches!(node, Self::Object(_));
        let count = self.count(is);
        if count == 0 {
            return self;
        }
        let mut at = random.one_of(count);
        self.nth(is, &mut at).unwrap()
    }

    /// A value of the tree that has none inside.
    pub fn scalar(&mut self, random: &mut Random) -> Option<&mut Node> {
        let is = |node: &Node| matches!(node, Self::Text(_) | Self::Raw(_));
        let mut at = random.one_of(self.count(is));
        self.nth(is, &mut at)
    }

    /// Takes a member out.
    pub fn take(&mut self, random: &mut Random) -> Option<(String, Node)> {
        match self {
            Self::Object(members) if !members.is_empty() => Some(members.remove(random.one_of(members.len()))),
            _ => None,
        }
    }

    /// A member as it is.
    pub fn copy(&self, random: &mut Random) -> Option<(String, Node)> {
        match self {
            Self::Object(members) if !members.is_empty() => Some(members[random.one_of(members.len())].clone()),
            _ => None,
        }
    }

    /// A member from anywhere in the tree.
    pub fn member(&self, random: &mut Random) -> Option<(String, Node)> {
        self.clone().any_object(random).copy(random)
    }

    /// Puts a member into any place, whether its name is there or not.
    pub fn put(&mut self, random: &mut Random, name: String, value: Node) {
        if let Self::Object(members) = self {
            members.insert(random.one_of(members.len() + 1), (name, value));
        }
    }

    /// Writes it: plainly, with blanks, with escapes for letters, or with both.
    pub fn write(&self, to: &mut String, style: usize, random: &mut Random) {
        let blank = |to: &mut String, random: &mut Random| {
            if style & 1 == 1 {
                to.push_str(random.pick(&["", " ", "\t", "\n", "\r\n"]));
            }
        };
        blank(to, random);
        match self {
            Self::Raw(text) => to.push_str(text),
            Self::Text(text) => quoted(text, to, style & 2 == 2, random),
            Self::List(list) => {
                to.push('[');
                for (at, one) in list.iter().enumerate() {
                    to.push_str(if at == 0 { "" } else { "," });
                    one.write(to, style, random);
                }
                to.push(']');
            }
            Self::Object(members) => {
                to.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    to.push_str(if at == 0 { "" } else { "," });
                    blank(to, random);
                    quoted(name, to, style & 2 == 2, random);
                    blank(to, random);
                    to.push(':');
                    value.write(to, style, random);
                }
                to.push('}');
            }
        }
        blank(to, random);
    }
}

fn quoted(text: &str, to: &mut String, escape: bool, random: &mut Random) {
    to.push('"');
    let often = if escape { 4 } else { usize::MAX };
    for letter in text.chars() {
        match letter {
            '"' | '\\' => to.extend(['\\', letter]),
            '/' if escape && random.one_of(2) == 0 => to.push_str("\\/"),
            _ if letter < ' ' || (escape && letter.is_ascii() && random.one_of(often) == 0) => {
                to.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            _ => to.push(letter),
        }
    }
    to.push('"');
}

/// Another name for a member: nearly the same, or one that means something elsewhere.
pub fn other_name(name: &str, random: &mut Random) -> String {
    match random.one_of(6) {
        0 => name.to_uppercase(),
        1 => format!("{name} "),
        2 => name
            .chars()
            .flat_map(|one| if one.is_uppercase() { vec!['_', one.to_ascii_lowercase()] } else { vec![one] })
            .collect(),
        3 => format!("{name}\u{0}"),
        4 => String::new(),
        _ => random
            .pick(&[
                "_type",
                "payload",
                "payloadType",
                "base64Signature",
                "attestations",
                "attestation_bundles",
                "signatures",
                "verification_material",
                "verificationMaterial",
                "dsseEnvelope",
                "messageSignature",
                "cert",
                "sig",
                "mediaType",
            ])
            .to_owned(),
    }
}
