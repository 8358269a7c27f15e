//! What the system may do for reasons of its own: a closed table.

use model::{
    change::{Change, Noun},
    event::SystemReason,
    market::MarketNoun,
};

/// Whether the reason covers such a change. The golden table of `tests/cover.rs` shows it whole.
pub(crate) fn covers(reason: SystemReason, change: &Change) -> bool {
    match change {
        Change::Put(noun) => covers_put(reason, noun),
        Change::Remove(noun) => covers_removal(reason, noun),
        // Only a managing tenant gives back, and only callers change a part alone.
        Change::Leave(_) | Change::Alter(_) => false,
    }
}

fn covers_put(reason: SystemReason, noun: &Noun) -> bool {
    use SystemReason::{Bootstrap, Cascade, JobProgress, KeyRotation, SignIn, WorldApply};
    match noun {
        Noun::Settings(_) => reason == Bootstrap,
        Noun::SigningKey(_) => matches!(reason, Bootstrap | KeyRotation),
        Noun::Tenant(_) | Noun::User(_) | Noun::RoleAssignment(_) | Noun::RoleDefinition(_) => {
            matches!(reason, Bootstrap | WorldApply)
        }
        Noun::ServicePrincipal(_) => matches!(reason, Bootstrap | WorldApply | Cascade),
        Noun::Credential(_) => matches!(reason, Bootstrap | WorldApply | SignIn),
        Noun::Deployment(_) => reason == JobProgress,
        // A template or the portal registers what a delegation needs.
        Noun::Registration(_) => matches!(reason, WorldApply | Cascade),
        Noun::Application(_) => matches!(reason, Bootstrap | WorldApply),
        Noun::Group(_)
        | Noun::Membership(_)
        | Noun::DirectoryRoleAssignment(_)
        | Noun::Ownership(_)
        | Noun::ManagementGroup(_)
        | Noun::Subscription(_)
        | Noun::ResourceGroup(_)
        | Noun::Resource(_)
        | Noun::DenyAssignment(_)
        | Noun::Lock(_)
        | Noun::Definition(_)
        | Noun::Assignment(_)
        | Noun::Activation(_)
        | Noun::ActivationPolicy(_)
        | Noun::EligibleAssignment(_) => reason == WorldApply,
        Noun::Market(it) => covers_market(reason, it),
    }
}

fn covers_removal(reason: SystemReason, noun: &Noun) -> bool {
    use SystemReason::{Cascade, Expiry, KeyRotation, Retention, SignIn, WorldApply};
    match noun {
        Noun::Settings(_) => false,
        Noun::SigningKey(_) => reason == KeyRotation,
        // Whoever has shown it takes their own second factor off.
        Noun::Credential(_) => matches!(reason, WorldApply | SignIn | Cascade | Expiry | Retention),
        Noun::Deployment(_) => matches!(reason, Cascade | Expiry | Retention),
        Noun::ServicePrincipal(_)
        | Noun::Membership(_)
        | Noun::DirectoryRoleAssignment(_)
        | Noun::Ownership(_)
        | Noun::Resource(_)
        | Noun::RoleAssignment(_)
        | Noun::DenyAssignment(_)
        | Noun::Lock(_)
        | Noun::Assignment(_)
        | Noun::ActivationPolicy(_) => matches!(reason, WorldApply | Cascade),
        Noun::Activation(_) | Noun::EligibleAssignment(_) => {
            matches!(reason, WorldApply | Cascade | Retention)
        }
        Noun::Tenant(_)
        | Noun::User(_)
        | Noun::Group(_)
        | Noun::Application(_)
        | Noun::ManagementGroup(_)
        | Noun::Subscription(_)
        | Noun::Registration(_)
        | Noun::ResourceGroup(_)
        | Noun::RoleDefinition(_)
        | Noun::Definition(_) => reason == WorldApply,
        Noun::Market(it) => covers_market_removal(reason, it),
    }
}

/// A submission's steps publish; a lead is made and sent because of what a customer did.
fn covers_market(reason: SystemReason, noun: &MarketNoun) -> bool {
    use SystemReason::{Cascade, JobProgress, WorldApply};
    match noun {
        MarketNoun::Offer(_)
        | MarketNoun::Edition(_)
        | MarketNoun::PlanManifest(_)
        | MarketNoun::Audience(_)
        | MarketNoun::HistoryEntry(_)
        | MarketNoun::Submission(_) => matches!(reason, WorldApply | JobProgress),
        MarketNoun::Lead(_) => matches!(reason, JobProgress | Cascade),
        MarketNoun::Account(_)
        | MarketNoun::Verification(_)
        | MarketNoun::AccountMember(_)
        | MarketNoun::Publisher(_)
        | MarketNoun::Media(_)
        | MarketNoun::Review(_)
        | MarketNoun::Acceptance(_)
        | MarketNoun::PartnerLink(_) => reason == WorldApply,
    }
}

/// What belongs to somebody goes with them.
fn covers_market_removal(reason: SystemReason, noun: &MarketNoun) -> bool {
    use SystemReason::{Cascade, JobProgress, Retention, WorldApply};
    match noun {
        MarketNoun::AccountMember(_) | MarketNoun::PartnerLink(_) => {
            matches!(reason, WorldApply | Cascade)
        }
        MarketNoun::Edition(_) | MarketNoun::Audience(_) => {
            matches!(reason, WorldApply | JobProgress)
        }
        MarketNoun::Lead(_) => reason == Retention,
        MarketNoun::Account(_)
        | MarketNoun::Verification(_)
        | MarketNoun::Publisher(_)
        | MarketNoun::Offer(_)
        | MarketNoun::PlanManifest(_)
        | MarketNoun::HistoryEntry(_)
        | MarketNoun::Submission(_)
        | MarketNoun::Media(_)
        | MarketNoun::Review(_)
        | MarketNoun::Acceptance(_) => reason == WorldApply,
    }
}
