//! A text that is read from the left.

pub(crate) struct Cursor<'a>(pub(crate) &'a str);

impl<'a> Cursor<'a> {
    /// Steps over `what`, where it is next.
    pub(crate) fn eat(&mut self, what: &str) -> bool {
        let rest = self.0.strip_prefix(what);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// Steps over one of these characters, where one is next.
    pub(crate) fn eat_any(&mut self, characters: &[char]) -> bool {
        let rest = self.0.strip_prefix(characters);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// Takes what is next as long as `takes` holds; may be empty.
    pub(crate) fn run(&mut self, takes: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|character| !takes(character)).unwrap_or(self.0.len());
        let (run, rest) = self.0.split_at_checked(end).unwrap_or((self.0, ""));
        self.0 = rest;
        run
    }

    /// Takes digits; may be empty.
    pub(crate) fn digits(&mut self) -> &'a str {
        self.run(|character| character.is_ascii_digit())
    }

    /// Takes the first of `words` that is next.
    pub(crate) fn word<'w>(&mut self, words: &[&'w str]) -> Option<&'w str> {
        words.iter().copied().find(|word| self.eat(word))
    }

    /// Does what `step` does, or nothing where it gives nothing.
    pub(crate) fn try_to<T>(&mut self, step: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let before = self.0;
        let done = step(self);
        if done.is_none() {
            self.0 = before;
        }
        done
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }
}
