//! The settings of a role as somebody fills them in.

use activation::policy::MINUTES_MAX;
use ids::{
    guid::{ObjectId, RoleId},
    scope::Scope,
};
use model::{
    activation::policy::{ActivationPolicy, Proof},
    delegation::Approver,
};
use operations::activation::policies::PutPolicy;

use crate::fields::Fields;

/// Every field as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Draft {
    /// Empty where nothing is bounded here.
    pub(super) minutes: String,
    pub(super) has_justification: bool,
    pub(super) has_ticket: bool,
    pub(super) has_factor: bool,
    /// An object id on each line, with a name after it.
    pub(super) approvers: String,
    /// Part of a name that is looked for.
    pub(super) find: String,
}

/// What is wrong with which field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) minutes: Option<String>,
    pub(super) approvers: Option<String>,
}

/// What a button asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Save,
    Find,
    Pick(ObjectId),
}

impl Act {
    pub(super) fn of(form: &Fields) -> Self {
        let text = form.get("do").unwrap_or_default();
        match (text, text.strip_prefix("pick.").and_then(|it| it.parse().ok())) {
            (_, Some(who)) => Self::Pick(who),
            ("find", None) => Self::Find,
            (_, None) => Self::Save,
        }
    }
}

impl Draft {
    /// What stands there.
    pub(super) fn saved(policy: &ActivationPolicy) -> Self {
        let mut draft = Self {
            minutes: policy.minutes_max.map(|it| it.to_string()).unwrap_or_default(),
            has_justification: policy.asks.contains(&Proof::Justification),
            has_ticket: policy.asks.contains(&Proof::Ticket),
            has_factor: policy.asks.contains(&Proof::SecondFactor),
            ..Self::default()
        };
        for it in &policy.approvers {
            draft.add(it.principal, it.display_name.as_deref().unwrap_or_default());
        }
        draft
    }

    pub(super) fn of(form: &Fields) -> Self {
        let text = |name: &str| form.get(name).unwrap_or_default().to_owned();
        let has = |name: &str| form.get(name).is_some();
        Self {
            minutes: text("minutes"),
            has_justification: has("justification"),
            has_ticket: has("ticket"),
            has_factor: has("factor"),
            approvers: text("approvers").replace("\r\n", "\n"),
            find: text("find"),
        }
    }

    /// The same with one more approver.
    pub(super) fn add(&mut self, who: ObjectId, name: &str) {
        if !self.approvers.is_empty() && !self.approvers.ends_with('\n') {
            self.approvers.push('\n');
        }
        self.approvers.push_str(format!("{who} {name}").trim_end());
        self.approvers.push('\n');
    }

    /// The whole policy; or what cannot be read of it.
    pub(super) fn policy(&self, scope: Scope, role: RoleId) -> Result<PutPolicy, Wrong> {
        let minutes_max = match self.minutes.trim() {
            "" => Ok(None),
            text => text.parse::<u32>().map(Some),
        };
        let wrong = Wrong {
            minutes: minutes_max.is_err().then(|| "Choose how long.".to_owned()),
            approvers: None,
        };
        let approvers: Result<Vec<Approver>, String> = self.lines().map(approver).collect();
        let wrong = Wrong { approvers: approvers.as_ref().err().cloned(), ..wrong };
        let (Ok(minutes_max), Ok(approvers)) = (minutes_max, approvers) else { return Err(wrong) };
        let asks = [
            (self.has_justification, Proof::Justification),
            (self.has_ticket, Proof::Ticket),
            (self.has_factor, Proof::SecondFactor),
        ];
        let asks = asks.into_iter().filter(|(is_asked, _)| *is_asked).map(|(_, it)| it).collect();
        Ok(PutPolicy { scope, role, minutes_max, asks, approvers })
    }

    fn lines(&self) -> impl Iterator<Item = &str> {
        self.approvers.lines().map(str::trim).filter(|it| !it.is_empty())
    }

    /// The lengths to choose from, with the one that stands there.
    pub(super) fn lengths(&self) -> Vec<u32> {
        const STEP: u32 = 30;
        const HOURS: u32 = 60;
        let short = (STEP..=8 * HOURS).step_by(STEP as usize);
        let long = [10, 12, 16, 20].map(|hours| hours * HOURS).into_iter().chain([MINUTES_MAX]);
        let mut all: Vec<u32> = [5, 15].into_iter().chain(short).chain(long).collect();
        all.extend(self.minutes.parse::<u32>().ok());
        all.sort_unstable();
        all.dedup();
        all
    }
}

fn approver(line: &str) -> Result<Approver, String> {
    let (id, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let principal = id.parse().map_err(|_| format!("`{id}` is no object id."))?;
    let display_name = Some(name.trim().to_owned()).filter(|it| !it.is_empty());
    Ok(Approver { principal, display_name })
}

#[cfg(test)]
mod tests {
    use model::samples::{CONTRIBUTOR, OLOF, activation_policy, whole};

    use super::*;

    fn parsed(text: &str) -> Draft {
        Draft::of(&Fields::parse(text.as_bytes()).unwrap())
    }

    #[test]
    fn what_stands_there_comes_back_as_it_was() {
        let policy = ActivationPolicy {
            minutes_max: Some(45),
            asks: [Proof::Ticket, Proof::SecondFactor].into(),
            ..activation_policy(whole())
        };
        let put = Draft::saved(&policy).policy(whole(), CONTRIBUTOR).unwrap();
        assert_eq!((put.minutes_max, &put.asks), (Some(45), &policy.asks));
        assert_eq!(put.approvers, policy.approvers);
        assert!(Draft::saved(&policy).lengths().contains(&45));
    }

    #[test]
    fn what_cannot_be_read_is_said_beside_its_field() {
        let wrong = parsed("minutes=soon&approvers=ada").policy(whole(), CONTRIBUTOR).unwrap_err();
        assert!(wrong.minutes.is_some());
        assert_eq!(wrong.approvers.as_deref(), Some("`ada` is no object id."));
        let bare = parsed("").policy(whole(), CONTRIBUTOR).unwrap();
        assert_eq!((bare.minutes_max, bare.asks.len(), bare.approvers.len()), (None, 0, 0));
    }

    #[test]
    fn who_is_picked_stands_on_a_line_of_their_own() {
        let mut draft = parsed("approvers=00000000-0000-0000-0000-00000000000b+B");
        draft.add(OLOF.object, "Olof Lund");
        let put = draft.policy(whole(), CONTRIBUTOR).unwrap();
        assert_eq!(put.approvers.len(), 2);
        assert_eq!(put.approvers[1].display_name.as_deref(), Some("Olof Lund"));
        let act = |text: &str| Act::of(&Fields::parse(format!("do={text}").as_bytes()).unwrap());
        assert_eq!(act(&format!("pick.{}", OLOF.object)), Act::Pick(OLOF.object));
        assert_eq!((act("find"), act("pick.x"), act("")), (Act::Find, Act::Save, Act::Save));
    }
}
