//! A template as somebody fills it in: every field as it was typed, and what is wrong with it.

use access::catalogue::Catalogue;
use ids::{
    guid::{ObjectId, RoleId, TenantId},
    name::GroupName,
};
use market::lint::{Finding, rules::Severity};
use model::{
    delegation::{Approver, Authorization, EligibleAuthorization, JustInTimePolicy, MultiFactor},
    market::manifest::Manifest,
};
use wire::arm::managed_services::onboarding::Onboarding;

use crate::fields::Fields;

/// More authorizations than a manifest should have.
const ROWS_MAX: usize = 40;
/// As long as ARM takes a name or a description.
const TEXT_CHARS_MAX: usize = 4_096;
/// As many groups as one template delegates.
const GROUPS_MAX: usize = 100;

/// The whole form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) is_groups: bool,
    /// One on each line.
    pub(super) groups: String,
    pub(super) rows: Vec<Line>,
}

/// One authorization.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// An object id, or part of a name that is looked for.
    pub(super) principal: String,
    pub(super) display: String,
    pub(super) role: String,
    /// What a User Access Administrator may give on.
    pub(super) gives: String,
    pub(super) is_eligible: bool,
    pub(super) minutes: String,
    pub(super) has_factor: bool,
    pub(super) approvers: String,
}

/// What is wrong, and where: with an authorization, or with the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) row: Option<usize>,
    pub(super) field: &'static str,
    pub(super) words: String,
}

/// What a button asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Add,
    Remove(usize),
    Find(usize),
    Pick(usize, ObjectId),
    View,
    Template,
    Parameters,
}

impl Act {
    pub(super) fn of(form: &Fields) -> Self {
        let text = form.get("do").unwrap_or_default();
        let mut words = text.splitn(3, '.');
        let word = words.next().unwrap_or_default();
        let row = words.next().and_then(|it| it.parse().ok());
        let picked = words.next().and_then(|it| it.parse().ok());
        match (word, row, picked) {
            ("add", None, None) => Self::Add,
            ("remove", Some(row), None) => Self::Remove(row),
            ("find", Some(row), None) => Self::Find(row),
            ("pick", Some(row), Some(who)) => Self::Pick(row, who),
            ("template", None, None) => Self::Template,
            ("parameters", None, None) => Self::Parameters,
            _ => Self::View,
        }
    }
}

impl Draft {
    /// One authorization, and nothing said of it.
    pub(super) fn blank() -> Self {
        Self { rows: vec![Line::blank()], ..Self::default() }
    }

    pub(super) fn of(form: &Fields) -> Self {
        let text = |name: &str| form.get(name).unwrap_or_default().to_owned();
        let rows: usize = form.get("rows").and_then(|it| it.parse().ok()).unwrap_or(0);
        Self {
            name: text("name"),
            description: text("description"),
            is_groups: form.get("target") == Some("groups"),
            groups: text("groups"),
            rows: (0..rows.min(ROWS_MAX)).map(|row| Line::of(form, row)).collect(),
        }
    }

    pub(super) fn add(&mut self) {
        if self.rows.len() < ROWS_MAX {
            self.rows.push(Line::blank());
        }
    }

    pub(super) fn remove(&mut self, row: usize) {
        if row < self.rows.len() {
            self.rows.remove(row);
        }
    }

    /// What the template is made of; or all that keeps it from being one.
    pub(super) fn onboarding(
        &self,
        tenant: TenantId,
        catalogue: &Catalogue,
    ) -> Result<Onboarding, Vec<Wrong>> {
        let mut wrongs = Vec::new();
        let mut whole = |field, words: &str| {
            wrongs.push(Wrong { row: None, field, words: words.to_owned() });
        };
        let name = self.name.trim();
        if name.is_empty() {
            whole("name", "Say what the customer sees as the offer's name.");
        }
        if name.chars().count() > TEXT_CHARS_MAX {
            whole("name", "This is too long.");
        }
        if self.description.chars().count() > TEXT_CHARS_MAX {
            whole("description", "This is too long.");
        }
        let resource_groups = self.resource_groups();
        if self.is_groups && resource_groups.is_empty() {
            whole("groups", "Name a resource group, or delegate the subscription.");
        }
        if resource_groups.len() > GROUPS_MAX {
            whole("groups", "These are too many groups for one template.");
        }
        if let Some(bad) = resource_groups.iter().find(|it| it.parse::<GroupName>().is_err()) {
            whole("groups", &format!("`{bad}` is no name of a resource group."));
        }
        if self.rows.is_empty() {
            whole("rows", "Add an authorization.");
        }
        let mut manifest = Manifest { tenant, authorizations: Vec::new(), eligible: Vec::new() };
        for (row, it) in self.rows.iter().enumerate() {
            match it.authorized(row, catalogue) {
                Ok(Authorized::Always(it)) => manifest.authorizations.push(it),
                Ok(Authorized::Eligible(it)) => manifest.eligible.push(it),
                Err(more) => wrongs.extend(more),
            }
        }
        let (name, description) = (name.to_owned(), self.description.trim().to_owned());
        if wrongs.is_empty() {
            Ok(Onboarding { name, description, manifest, resource_groups })
        } else {
            Err(wrongs)
        }
    }

    fn resource_groups(&self) -> Vec<String> {
        if !self.is_groups {
            return Vec::new();
        }
        let lines = self.groups.lines().map(str::trim).filter(|it| !it.is_empty());
        lines.map(str::to_owned).collect()
    }

    /// The finding as it stands in the form: the manifest lists both kinds apart.
    pub(super) fn placed(&self, finding: &Finding) -> Wrong {
        let row = ["authorizations[", "eligibleAuthorizations["].iter().find_map(|start| {
            let rest = finding.field.strip_prefix(start)?;
            let nth: usize = rest.split(']').next()?.parse().ok()?;
            let is_eligible = start.starts_with("eligible");
            let mut alike = self.rows.iter().enumerate();
            alike.by_ref().filter(|(_, it)| it.is_eligible == is_eligible).nth(nth)
        });
        let said = match finding.rule.severity {
            Severity::Error => "",
            Severity::Warning => "Warning: ",
            Severity::Note => "Note: ",
        };
        let words = format!("{said}{}. {}", finding.reason, finding.rule.fix);
        Wrong { row: row.map(|(row, _)| row), field: "rule", words }
    }
}

enum Authorized {
    Always(Authorization),
    Eligible(EligibleAuthorization),
}

impl Line {
    fn blank() -> Self {
        Self { minutes: JustInTimePolicy::MINUTES_MAX.to_string(), ..Self::default() }
    }

    fn of(form: &Fields, row: usize) -> Self {
        let text = |name: &str| form.get(&format!("{name}.{row}")).unwrap_or_default().to_owned();
        Self {
            principal: text("principal"),
            display: text("display"),
            role: text("role"),
            gives: text("gives"),
            is_eligible: text("access") == "eligible",
            minutes: text("minutes"),
            has_factor: text("factor") == "yes",
            approvers: text("approvers"),
        }
    }

    fn authorized(&self, row: usize, catalogue: &Catalogue) -> Result<Authorized, Vec<Wrong>> {
        let mut wrongs = Vec::new();
        let mut wrong = |field, words: &str| {
            wrongs.push(Wrong { row: Some(row), field, words: words.to_owned() });
        };
        let principal = self.principal.trim().parse::<ObjectId>().ok();
        if principal.is_none() {
            wrong("principal", "Find somebody in the directory, or type an object id.");
        }
        let role = role(&self.role, catalogue);
        if role.is_none() {
            wrong("role", "There is no such built-in role.");
        }
        let gives: Vec<_> = split(&self.gives).map(|it| role_of(it, catalogue)).collect();
        if gives.iter().any(Option::is_none) {
            wrong("gives", "One of these is no built-in role. Separate them by semicolons.");
        }
        if self.is_eligible && !gives.is_empty() {
            wrong("gives", "What is activated for a while gives no roles on.");
        }
        let approvers: Vec<_> = split(&self.approvers).map(str::parse::<ObjectId>).collect();
        if approvers.iter().any(Result::is_err) {
            wrong("approvers", "Approvers are object ids, separated by semicolons.");
        }
        if approvers.len() > JustInTimePolicy::APPROVERS_MAX {
            wrong("approvers", "There may be ten approvers at most.");
        }
        let minutes = self.minutes.parse().ok().filter(|it| minutes().any(|known| known == *it));
        if self.is_eligible && minutes.is_none() {
            wrong("minutes", "Choose how long it may be active.");
        }
        let (Some(principal), Some(role), true) = (principal, role, wrongs.is_empty()) else {
            return Err(wrongs);
        };
        let display_name = Some(self.display.trim().to_owned()).filter(|it| !it.is_empty());
        if !self.is_eligible {
            let gives: Vec<RoleId> = gives.into_iter().flatten().collect();
            let delegated_roles = Some(gives).filter(|it| !it.is_empty());
            let it = Authorization { principal, role, display_name, delegated_roles };
            return Ok(Authorized::Always(it));
        }
        let approver = |principal| Approver { principal, display_name: None };
        let multi_factor = if self.has_factor { MultiFactor::Azure } else { MultiFactor::None };
        let policy = JustInTimePolicy {
            multi_factor,
            minutes_max: minutes.unwrap_or(JustInTimePolicy::MINUTES_MAX),
            approvers: approvers.into_iter().flatten().map(approver).collect(),
        };
        Ok(Authorized::Eligible(EligibleAuthorization {
            principal,
            role,
            display_name,
            policy: Some(policy),
        }))
    }
}

/// How long an eligible role may be active: half hours, as is advised (B73).
pub(super) fn minutes() -> impl Iterator<Item = u32> {
    let (least, most) = (JustInTimePolicy::MINUTES_MIN, JustInTimePolicy::MINUTES_MAX);
    (least..=most).step_by(least as usize)
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '\n']).map(str::trim).filter(|it| !it.is_empty())
}

fn role(text: &str, catalogue: &Catalogue) -> Option<RoleId> {
    role_of(text.trim(), catalogue)
}

/// The built-in role of that name or id.
fn role_of(text: &str, catalogue: &Catalogue) -> Option<RoleId> {
    let by_id = text.parse::<RoleId>().ok().filter(|id| catalogue.role(*id).is_some());
    let by_name = || catalogue.roles().find(|it| it.name.eq_ignore_ascii_case(text));
    by_id.or_else(|| by_name().map(|it| it.id))
}

#[cfg(test)]
mod tests {
    use model::samples::{CONTRIBUTOR, PROVIDER, READER, object};

    use super::*;

    fn parsed(text: &str) -> Draft {
        Draft::of(&Fields::parse(text.as_bytes()).unwrap())
    }

    fn good() -> String {
        let (one, two) = (object(1), object(2));
        format!(
            "name=Harbor&target=groups&groups=app%0D%0Adb&rows=2&principal.0={one}&role.0=reader&display.0=Tier+1&access.0=permanent\
             &principal.1={two}&role.1={CONTRIBUTOR}&access.1=eligible&minutes.1=90&factor.1=yes&approvers.1={one}"
        )
    }

    #[test]
    fn a_form_that_is_filled_in_becomes_what_a_customer_is_asked_for() {
        let made = parsed(&good()).onboarding(PROVIDER, &Catalogue::builtin()).unwrap();
        assert_eq!((made.name.as_str(), made.resource_groups.len()), ("Harbor", 2));
        let manifest = made.manifest;
        assert_eq!(manifest.authorizations[0].role, READER);
        assert_eq!(manifest.authorizations[0].display_name.as_deref(), Some("Tier 1"));
        let policy = manifest.eligible[0].policy.clone().unwrap();
        assert_eq!((policy.minutes_max, policy.multi_factor), (90, MultiFactor::Azure));
        assert_eq!(policy.approvers[0].principal, object(1));
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once_and_in_its_place() {
        let text = "target=groups&groups=a%2Fb&rows=2&role.0=Emperor&principal.0=ada\
                    &access.1=eligible&minutes.1=31&approvers.1=bo&gives.1=Reader";
        let wrongs = parsed(text).onboarding(PROVIDER, &Catalogue::builtin()).unwrap_err();
        let told: Vec<_> = wrongs.iter().map(|it| (it.row, it.field)).collect();
        let (first, second) = (Some(0), Some(1));
        assert_eq!(
            told,
            [
                (None, "name"),
                (None, "groups"),
                (first, "principal"),
                (first, "role"),
                (second, "principal"),
                (second, "role"),
                (second, "gives"),
                (second, "approvers"),
                (second, "minutes"),
            ]
        );
    }

    #[test]
    fn a_finding_stands_beside_the_authorization_it_is_about() {
        let draft = parsed(&good());
        let placed = |field: &str| {
            let rule = &market::lint::rules::NO_WAY_OUT;
            let finding = Finding { rule, field: field.to_owned(), reason: String::new() };
            draft.placed(&finding).row
        };
        assert_eq!(placed("authorizations[0].roleDefinitionId"), Some(0));
        assert_eq!(placed("eligibleAuthorizations[0]"), Some(1));
        assert_eq!(placed("authorizations"), None);
        assert_eq!(placed("authorizations[7]"), None);
    }

    #[test]
    fn buttons_say_what_is_to_be_done() {
        let act = |text: &str| Act::of(&Fields::parse(format!("do={text}").as_bytes()).unwrap());
        assert_eq!(act("remove.3"), Act::Remove(3));
        assert_eq!(act(&format!("pick.0.{}", object(1))), Act::Pick(0, object(1)));
        for other in ["", "pick.0.x", "remove.x", "add.1"] {
            assert_eq!(act(other), Act::View, "{other}");
        }
        let mut draft = parsed("rows=99");
        assert_eq!(draft.rows.len(), ROWS_MAX);
        draft.add();
        draft.remove(ROWS_MAX);
        assert_eq!(draft.rows.len(), ROWS_MAX);
        draft.remove(0);
        assert_eq!(draft.rows.len(), ROWS_MAX - 1);
    }
}
