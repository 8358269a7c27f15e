// The main story through the JavaScript SDK. Answers what it saw as JSON; the test judges.
//
// Unmodified clients: nothing but endpoints tells them that this is Fyr.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { ClientSecretCredential } from "@azure/identity";
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { ResourceManagementClient } from "@azure/arm-resources";
import { SubscriptionClient } from "@azure/arm-resources-subscriptions";

const VERSION = "2022-10-01";
const world = JSON.parse(readFileSync(0, "utf8"));

// The older clients and the newer ones call the scopes of their tokens differently.
const scopes = [`${world.origin}/.default`];
const endpoints = { endpoint: world.origin, credentialScopes: scopes, credentials: { scopes } };
const signIn = ({ tenant, app, secret }) =>
  new ClientSecretCredential(tenant, app, secret, {
    authorityHost: world.origin,
    disableInstanceDiscovery: true,
  });
const [customer, provider] = [world.customer, world.provider].map(signIn);
const scope = `/subscriptions/${world.subscription}`;
const own = new ResourceManagementClient(customer, world.subscription, endpoints);
const delegated = new ResourceManagementClient(provider, world.subscription, endpoints);

/** Every page of a list. */
async function all(pages) {
  const found = [];
  for await (const item of pages) found.push(item);
  return found;
}

const subscriptions = async () =>
  (await all(new SubscriptionClient(provider, endpoints).subscriptions.list())).map((it) => [
    it.subscriptionId,
    it.tenantId,
  ]);
const groups = async () => (await all(delegated.resourceGroups.list())).map((it) => it.name);

/** The status and code that an attempt is refused with. */
async function refusal(attempt) {
  try {
    await attempt();
    return null;
  } catch (error) {
    return [error.statusCode, error.code];
  }
}

const at = (kind) => `${scope}/providers/Microsoft.ManagedServices/${kind}/${randomUUID()}`;
const [definition, assignment] = [at("registrationDefinitions"), at("registrationAssignments")];
const seen = { before: await subscriptions() };
await own.resources.beginCreateOrUpdateByIdAndWait(definition, VERSION, {
  properties: {
    registrationDefinitionName: world.offer,
    managedByTenantId: world.provider.tenant,
    authorizations: [{ principalId: world.provider.principal, roleDefinitionId: world.role }],
  },
});
await own.resources.beginCreateOrUpdateByIdAndWait(assignment, VERSION, {
  properties: { registrationDefinitionId: definition },
});
seen.assigned = (await own.resources.getById(assignment, VERSION)).properties.provisioningState;
seen.during = await subscriptions();
seen.groups = await groups();

const roles = new AuthorizationManagementClient(provider, world.subscription, endpoints);
seen.roleAssignment = await refusal(() =>
  roles.roleAssignments.create(scope, randomUUID(), {
    principalId: world.provider.principal,
    roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${world.role}`,
  }),
);
const neighbour = new ResourceManagementClient(provider, world.neighbour, endpoints);
seen.neighbour = await refusal(() => all(neighbour.resourceGroups.list()));

await own.resources.beginDeleteByIdAndWait(assignment, VERSION);
seen.ended = await refusal(groups);
seen.after = await subscriptions();
console.log(JSON.stringify(seen));
