//! Where things are: resource groups as they are listed, and what is only mentioned.

use ids::{guid::TenantId, name::GroupName, resource::ResourceId, scope::Scope};
use model::{
    change::Noun,
    resource::Resource,
    tree::{ManagementGroup, ResourceGroup, Tags},
};
use serde_json::{Map, Value as Json};

use super::{
    collect::{Collected, made},
    item::{Item, Kind},
};

/// Where a group is said to be that nobody has listed.
const SOMEWHERE: &str = "westeurope";

impl Collected {
    /// One row of `az group list`.
    pub(super) fn group(&mut self, item: &Item) {
        if item.kind != Kind::ResourceGroup {
            return;
        }
        let scope = self.own.and_then(|own| Scope::parse(item.text("id")?, own).ok());
        let Some(Scope::ResourceGroup(subscription, name)) = scope else {
            return self.note(item, "a resource group without an id is left out");
        };
        if !self.subscriptions.contains_key(&subscription) {
            let note = format!("the group `{name}` is in a subscription that no file lists");
            return self.note(item, &note);
        }
        let tags = item.get("tags").and_then(Json::as_object);
        let pair = |(key, value): (&String, &Json)| Some((key.clone(), value.as_str()?.to_owned()));
        let group = ResourceGroup {
            location: item.text("location").unwrap_or(SOMEWHERE).to_owned(),
            tags: tags.into_iter().flatten().filter_map(pair).collect(),
            managed_by: item.text("managedBy").map(str::to_owned),
            ..bare(subscription, name)
        };
        self.places.insert(group.scope().key(), Noun::ResourceGroup(group));
    }

    /// A scope that something is said of, made where nobody has listed it. None where it lies in
    /// nothing that is known.
    pub(super) fn place(&mut self, item: &Item, text: &str) -> Option<(Scope, TenantId)> {
        let own = self.own?;
        let found = Scope::parse(text, own).ok();
        let home = found.as_ref().and_then(|scope| self.home(scope));
        let (Some(scope), Some(home)) = (found, home) else {
            let shown: String = text.chars().take(200).collect();
            self.note(item, &format!("the scope `{shown}` is in no subscription that is listed"));
            return None;
        };
        self.make(item, &scope);
        Some((scope, home))
    }

    fn make(&mut self, item: &Item, scope: &Scope) {
        match scope {
            Scope::Tenant(_) | Scope::Subscription(_) => return,
            Scope::ManagementGroup(..) | Scope::ResourceGroup(..) => {}
            Scope::Resource(id) => self.make(item, &id.parent()),
        }
        let key = scope.key();
        if self.places.contains_key(&key) {
            return;
        }
        let noun = match scope {
            Scope::Tenant(_) | Scope::Subscription(_) => return,
            Scope::ManagementGroup(tenant, name) => {
                let (tenant, name, display_name) = (*tenant, name.clone(), name.to_string());
                Noun::ManagementGroup(ManagementGroup { tenant, name, display_name, parent: None })
            }
            Scope::ResourceGroup(id, name) => Noun::ResourceGroup(bare(*id, name.clone())),
            Scope::Resource(id) => Noun::Resource(resource(id)),
        };
        self.note(item, &format!("`{scope}` is made, since something is said of it"));
        self.places.insert(key, noun);
    }
}

fn bare(subscription: ids::guid::SubscriptionId, name: GroupName) -> ResourceGroup {
    ResourceGroup {
        subscription,
        name,
        location: SOMEWHERE.to_owned(),
        tags: Tags::new(),
        managed_by: None,
        system_data: made(),
    }
}

fn resource(id: &ResourceId) -> Resource {
    Resource {
        id: id.clone(),
        location: None,
        tags: Tags::new(),
        identity: None,
        envelope: Map::new(),
        properties: Map::new(),
        system_data: made(),
    }
}
