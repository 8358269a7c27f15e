//! What is wrong with a file, and where.

use super::*;

#[test]
fn every_fault_is_reported_where_it_stands() {
    check(
        "tenants:\n- name: contoso\n  domian: contoso.example\n  users:\n  - {name: a/b, enabled: maybe}\n  groups: {}\n",
        "2:3: a tenant needs `domain`\n\
         3:3: a tenant has no key `domian`; did you mean `domain`?\n\
         5:12: `a/b` has letters that a name cannot have\n\
         5:26: `enabled` is true or false, not `maybe`\n\
         6:11: `groups` is a list, not a mapping\n",
    );
    check(
        &contoso(
            "  users: [{name: ada, nmae: b, name: c}, {name: ada}]\n  groups: [{name: g, members: [g, ada, ada, odette]}]",
        ),
        "4:23: a user has no key `nmae`; did you mean `name`?\n\
         4:32: `name` is given twice\n\
         4:49: the user `ada` is declared twice\n\
         5:32: a group is no member of itself\n\
         5:40: `ada` is a member already\n\
         5:45: tenant `contoso` has no `odette`\n",
    );
    check(
        &contoso(
            "  users: [{name: ada}]\n  subscriptions: [{name: prod}]\n  roleAssignments:\n  - {principal: ada, role: Onwer, scope: prod}\n  - {principal: eve, role: Owner, scope: prdo}\n  - {principal: ada, role: Owner, scope: prod/app}\n  - {principal: ada, role: Owner, scope: /subscriptions/x}\n  - {role: Reader, scope: '/'}\n",
        ),
        "7:28: there is no role `Onwer`; did you mean `Owner`?\n\
         8:17: tenant `contoso` has no `eve`\n\
         8:42: this tenant has no scope `prdo`; did you mean `prod`?\n\
         9:42: this tenant has no scope `prod/app`\n\
         10:42: `/subscriptions/x` is no scope: the subscription identifier `x` is malformed\n\
         11:5: a roleAssignment needs `principal`\n",
    );
}

#[test]
fn what_contradicts_itself_is_refused() {
    check(
        &contoso(
            "  managementGroups: [{name: a, parent: b}, {name: b, parent: a}, {name: c, parent: d}]\n  subscriptions:\n  - {name: one, id: 11111111-1111-4111-8111-111111111111, managementGroup: z}\n  - {name: two, id: 11111111-1111-4111-8111-111111111111, state: Gone}\n",
        ),
        "4:22: management group `a` lies within itself\n\
         4:44: management group `b` lies within itself\n\
         4:84: this tenant has no management group `d`\n\
         6:76: this tenant has no management group `z`\n\
         7:12: the subscription id `11111111-1111-4111-8111-111111111111` is given twice\n\
         7:66: `state` is Enabled or Warned or PastDue or Disabled or Deleted, not `Gone`\n",
    );
    check(
        &contoso(
            "  users: [{name: x}]\n  apps: [{name: x}]\n  guests: [{user: contoso/x}, {user: nobody}]\n  locks: [{name: l, level: Soft, scope: x}]\n  denyAssignments: [{name: d, scope: '/', principals: [x]}, {name: e, scope: '/'}]\n",
        ),
        "6:19: a guest comes from another tenant\n\
         6:38: `nobody` is no user of this world; a guest's `user` reads `tenant/name`\n\
         7:28: `level` is CanNotDelete or ReadOnly, not `Soft`\n\
         7:41: this tenant has no scope `x`\n\
         8:56: `x` names several: user, app; refer to it by its id\n\
         8:61: a denyAssignment needs `principals`; a list, or `everyone`\n",
    );
    check(
        &contoso(
            "  subscriptions:\n  - name: prod\n    id: 11111111-1111-4111-8111-111111111111\n    resourceGroups:\n    - name: app\n      location: x\n      resources:\n      - {type: storage, name: a}\n      - {type: N.S/t/c, name: a}\n      - {type: N.S/t, name: a}\n      - {type: N.S/T, name: A, identity: {type: UserAssigned}}\n    - {name: APP, location: x}\n",
        ),
        "11:16: `storage` is not a type; a type reads `Namespace/type`\n\
         12:31: the type `N.S/t/c` takes 2 names; a child is named `parent/child`\n\
         14:9: the resource `/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/app/providers/N.S/T/A` is declared twice\n\
         14:42: `userAssignedIdentities` and a `type` with `UserAssigned` go together\n\
         15:7: the resource group `APP` is declared twice\n",
    );
}

#[test]
fn a_tag_or_a_property_given_twice_is_refused_too() {
    check(
        &contoso(
            "  subscriptions:\n  - {name: prod, tags: {a: 1, a: 2}, resources: [{type: N.S/t, name: a, properties: {b: 1, b: 2}}]}\n",
        ),
        "5:31: `a` is given twice\n5:92: `b` is given twice\n",
    );
}

#[test]
fn a_type_that_nobody_knows_is_refused_where_it_stands() {
    check(
        &contoso("  subscriptions: [{name: prod, resources: [{name: a, type: Nobody.Knows/it}]}]"),
        "4:60: there is no type `Nobody.Knows/it`\n",
    );
}
