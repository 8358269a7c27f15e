//! The `if` of a policy rule: conditions on the fields of what is written.
//!
//! What is not understood here is no error: the policy is kept, and not enforced.

use serde_json::{Map, Value};

mod reach;
mod term;

pub use term::Term;

/// When a policy's effect takes place.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Test(Test),
}

/// One comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    pub of: Operand,
    pub operator: Operator,
    pub target: Term,
}

/// What is compared.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    Field(Field),
    Value(Term),
}

/// A field of what is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    Type,
    Name,
    FullName,
    Id,
    Kind,
    Location,
    Tags,
    /// `tags.x` or `tags['x']`.
    Tag(String),
    Alias(Alias),
}

/// A property that policies know by a name of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alias {
    ManagedBy,
    OfferName,
    Definition,
}

/// How two values are compared. Letters count without regard to case, but for `match` and
/// `notMatch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Equals,
    NotEquals,
    Like,
    NotLike,
    Match,
    NotMatch,
    MatchInsensitively,
    NotMatchInsensitively,
    Contains,
    NotContains,
    In,
    NotIn,
    ContainsKey,
    NotContainsKey,
    Exists,
}

/// Why a condition is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is none of Azure's.
    Wrong(String),
    /// It may be Azure's, and Fyr does not evaluate it.
    Unknown(String),
}

impl Alias {
    pub const ALL: [Self; 3] = [Self::ManagedBy, Self::OfferName, Self::Definition];

    /// The name in full.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ManagedBy => {
                "Microsoft.ManagedServices/registrationDefinitions/managedByTenantId"
            }
            Self::OfferName => {
                "Microsoft.ManagedServices/registrationDefinitions/registrationDefinitionName"
            }
            Self::Definition => {
                "Microsoft.ManagedServices/registrationAssignments/registrationDefinitionId"
            }
        }
    }

    /// Where in the resource the property stands.
    pub const fn path(self) -> &'static str {
        match self {
            Self::ManagedBy => "properties.managedByTenantId",
            Self::OfferName => "properties.registrationDefinitionName",
            Self::Definition => "properties.registrationDefinitionId",
        }
    }
}

impl Operator {
    const ALL: [(&'static str, Self); 15] = [
        ("equals", Self::Equals),
        ("notEquals", Self::NotEquals),
        ("like", Self::Like),
        ("notLike", Self::NotLike),
        ("match", Self::Match),
        ("notMatch", Self::NotMatch),
        ("matchInsensitively", Self::MatchInsensitively),
        ("notMatchInsensitively", Self::NotMatchInsensitively),
        ("contains", Self::Contains),
        ("notContains", Self::NotContains),
        ("in", Self::In),
        ("notIn", Self::NotIn),
        ("containsKey", Self::ContainsKey),
        ("notContainsKey", Self::NotContainsKey),
        ("exists", Self::Exists),
    ];

    fn read(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, it)| *it)
    }

    /// As answers spell it: `NotIn`.
    pub fn name(self) -> String {
        format!("{self:?}")
    }
}

impl Field {
    /// Reads the member `field` of a condition.
    pub fn read(text: &str) -> Option<Self> {
        let plain = match text.to_ascii_lowercase().as_str() {
            "type" => Some(Self::Type),
            "name" => Some(Self::Name),
            "fullname" => Some(Self::FullName),
            "id" => Some(Self::Id),
            "kind" => Some(Self::Kind),
            "location" => Some(Self::Location),
            "tags" => Some(Self::Tags),
            _ => None,
        };
        let alias = || Alias::ALL.into_iter().find(|it| it.name().eq_ignore_ascii_case(text));
        plain.or_else(|| tag(text).map(Self::Tag)).or_else(|| alias().map(Self::Alias))
    }

    /// As a condition spells it.
    pub fn name(&self) -> String {
        match self {
            Self::Type => "type".to_owned(),
            Self::Name => "name".to_owned(),
            Self::FullName => "fullName".to_owned(),
            Self::Id => "id".to_owned(),
            Self::Kind => "kind".to_owned(),
            Self::Location => "location".to_owned(),
            Self::Tags => "tags".to_owned(),
            Self::Tag(name) => format!("tags['{name}']"),
            Self::Alias(alias) => alias.name().to_owned(),
        }
    }

    /// Where in the resource it stands.
    pub fn path(&self) -> String {
        if let Self::Alias(alias) = self { alias.path().to_owned() } else { self.name() }
    }
}

fn tag(text: &str) -> Option<String> {
    let rest = text.get(..4).filter(|it| it.eq_ignore_ascii_case("tags")).and(text.get(4..))?;
    if let Some(name) = rest.strip_prefix('.') {
        return Some(name.to_owned()).filter(|it| !it.is_empty());
    }
    let name = rest.strip_prefix("['")?.strip_suffix("']")?;
    Some(name.replace("''", "'")).filter(|it| !it.is_empty())
}

impl Condition {
    /// Reads a condition, or says why it is none that Fyr evaluates.
    pub fn read(value: &Value) -> Result<Self, Unread> {
        let Value::Object(members) = value else {
            return Err(Unread::Wrong("a condition is an object".to_owned()));
        };
        let member = |name: &str| members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        if let Some((_, inner)) = member("not") {
            alone(members)?;
            return Ok(Self::Not(Box::new(Self::read(inner)?)));
        }
        for (word, build) in [("allOf", Self::All as fn(Vec<Self>) -> Self), ("anyOf", Self::Any)] {
            if let Some((_, inner)) = member(word) {
                alone(members)?;
                return Ok(build(each(word, inner)?));
            }
        }
        test(members).map(Self::Test)
    }

    /// The tests in it, in their order.
    pub fn tests(&self) -> Vec<&Test> {
        match self {
            Self::All(inner) | Self::Any(inner) => inner.iter().flat_map(Self::tests).collect(),
            Self::Not(inner) => inner.tests(),
            Self::Test(test) => vec![test],
        }
    }

    /// The parameters that it names.
    pub fn parameters(&self) -> Vec<&str> {
        let mut found = Vec::new();
        for test in self.tests() {
            if let Operand::Value(term) = &test.of {
                term.parameters(&mut found);
            }
            test.target.parameters(&mut found);
        }
        found
    }
}

fn alone(members: &Map<String, Value>) -> Result<(), Unread> {
    if members.len() == 1 {
        Ok(())
    } else {
        Err(Unread::Wrong("a logical operator stands alone in its object".to_owned()))
    }
}

fn each(word: &str, inner: &Value) -> Result<Vec<Condition>, Unread> {
    let Value::Array(all) = inner else {
        return Err(Unread::Wrong(format!("`{word}` is a list of conditions")));
    };
    if all.is_empty() {
        return Err(Unread::Wrong(format!("`{word}` holds no condition")));
    }
    all.iter().map(Condition::read).collect()
}

/// `{field | value, operator: target}`.
fn test(members: &Map<String, Value>) -> Result<Test, Unread> {
    let (mut of, mut by) = (None, None);
    for (key, value) in members {
        let twice = || Unread::Wrong("a condition compares one thing once".to_owned());
        if let Some(operator) = Operator::read(key) {
            by.replace((operator, Term::read(value)?)).map_or(Ok(()), |_| Err(twice()))?;
        } else if key.eq_ignore_ascii_case("field") {
            of.replace(field(value)?).map_or(Ok(()), |_| Err(twice()))?;
        } else if key.eq_ignore_ascii_case("value") {
            let term = Operand::Value(Term::read(value)?);
            of.replace(term).map_or(Ok(()), |_| Err(twice()))?;
        } else {
            return Err(Unread::Unknown(format!("`{}`", cut(key))));
        }
    }
    match (of, by) {
        (Some(of), Some((operator, target))) => Ok(Test { of, operator, target }),
        _ => Err(Unread::Wrong("a condition has a field or a value, and an operator".to_owned())),
    }
}

fn field(value: &Value) -> Result<Operand, Unread> {
    let Value::String(text) = value else {
        return Err(Unread::Wrong("`field` is text".to_owned()));
    };
    let found = Field::read(text).map(Operand::Field);
    found.ok_or_else(|| Unread::Unknown(format!("the field `{}`", cut(text))))
}

/// The longest piece of somebody's policy that a message repeats.
const QUOTED_CHARS_MAX: usize = 120;

fn cut(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(QUOTED_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests;
