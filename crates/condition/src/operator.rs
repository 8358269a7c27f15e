//! How two sides are compared: one table of Azure's operators.

use crate::value::Kind;

/// How one value stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Relation {
    Equals,
    /// The left one begins with the right one.
    StartsWith,
    /// The right one is a pattern that fits the left one.
    Like,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What an operator is made of.
#[derive(Clone, Copy, Debug)]
struct Row {
    name: &'static str,
    kind: Kind,
    relation: Relation,
    negated: bool,
    ignores_case: bool,
}

macro_rules! operators {
    ($($name:ident: $kind:ident, $relation:ident, $negated:literal, $ignores_case:literal;)*) => {
        /// An operator, by Azure's name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Operator { $($name),* }

        impl Operator {
            /// Every operator.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            fn row(self) -> Row {
                match self {
                    $(Self::$name => Row {
                        name: stringify!($name),
                        kind: Kind::$kind,
                        relation: Relation::$relation,
                        negated: $negated,
                        ignores_case: $ignores_case,
                    }),*
                }
            }
        }
    };
}

operators! {
    // Name: what it compares, how, whether the contrary is meant, whether case does not count.
    StringEquals: Text, Equals, false, false;
    StringEqualsIgnoreCase: Text, Equals, false, true;
    StringNotEquals: Text, Equals, true, false;
    StringNotEqualsIgnoreCase: Text, Equals, true, true;
    StringStartsWith: Text, StartsWith, false, false;
    StringStartsWithIgnoreCase: Text, StartsWith, false, true;
    StringNotStartsWith: Text, StartsWith, true, false;
    StringNotStartsWithIgnoreCase: Text, StartsWith, true, true;
    StringLike: Text, Like, false, false;
    StringLikeIgnoreCase: Text, Like, false, true;
    StringNotLike: Text, Like, true, false;
    StringNotLikeIgnoreCase: Text, Like, true, true;
    NumericEquals: Integer, Equals, false, false;
    NumericNotEquals: Integer, Equals, true, false;
    NumericGreaterThan: Integer, Greater, false, false;
    NumericGreaterThanEquals: Integer, GreaterOrEqual, false, false;
    NumericLessThan: Integer, Less, false, false;
    NumericLessThanEquals: Integer, LessOrEqual, false, false;
    DateTimeEquals: Moment, Equals, false, false;
    DateTimeNotEquals: Moment, Equals, true, false;
    DateTimeGreaterThan: Moment, Greater, false, false;
    DateTimeGreaterThanEquals: Moment, GreaterOrEqual, false, false;
    DateTimeLessThan: Moment, Less, false, false;
    DateTimeLessThanEquals: Moment, LessOrEqual, false, false;
    BoolEquals: Boolean, Equals, false, false;
    BoolNotEquals: Boolean, Equals, true, false;
    GuidEquals: Guid, Equals, false, false;
    GuidNotEquals: Guid, Equals, true, false;
}

impl Operator {
    /// The operator of that name, whose case does not count: roles that Azure ships say
    /// `boolequals`.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name().eq_ignore_ascii_case(name))
    }

    /// As Azure's documentation spells it.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// What it compares.
    pub fn kind(self) -> Kind {
        self.row().kind
    }

    /// Whether it can be asked of several values: neither beginnings, nor times, nor truths can.
    pub fn takes_several(self) -> bool {
        let row = self.row();
        match row.kind {
            Kind::Text => row.relation != Relation::StartsWith,
            Kind::Integer | Kind::Guid => true,
            Kind::Moment | Kind::Boolean => false,
        }
    }

    pub(crate) fn relation(self) -> Relation {
        self.row().relation
    }

    pub(crate) fn is_negated(self) -> bool {
        self.row().negated
    }

    pub(crate) fn ignores_case(self) -> bool {
        self.row().ignores_case
    }
}

/// How many of the left values have to stand so to how many of the right ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Quantifier {
    /// Every left value has to; else one is enough.
    pub all_left: bool,
    /// To every right value; else to one of them.
    pub all_right: bool,
}

impl Quantifier {
    /// Every quantifier.
    pub const ALL: [Self; 4] = [
        Self { all_left: false, all_right: false },
        Self { all_left: true, all_right: false },
        Self { all_left: false, all_right: true },
        Self { all_left: true, all_right: true },
    ];

    /// The quantifier of that name, whose case does not count.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name().eq_ignore_ascii_case(name))
    }

    /// As Azure's documentation spells it.
    pub fn name(self) -> &'static str {
        match (self.all_left, self.all_right) {
            (false, false) => "ForAnyOfAnyValues",
            (true, false) => "ForAllOfAnyValues",
            (false, true) => "ForAnyOfAllValues",
            (true, true) => "ForAllOfAllValues",
        }
    }
}
