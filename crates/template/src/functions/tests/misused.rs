//! Every function, called with what it does not take.

use super::*;

/// A call that is refused for the type or the value of an argument, and a piece of the message.
const WRONG: &[(&str, &str)] = &[
    // Arrays and objects.
    ("createObject(1, 2)", "of type 'String'"),
    ("createObject('a')", "an even number of arguments"),
    ("distinct('a')", "of type 'Array'"),
    ("flatten(createArray(1))", "of type 'Array'"),
    ("indexFromEnd('a', 1)", "of type 'Array'"),
    ("indexFromEnd(createArray(1), 2)", "out of bounds"),
    ("intersection(1, 2)", "of type 'Array'"),
    ("items(createArray())", "of type 'Object'"),
    ("objectKeys('a')", "of type 'Object'"),
    ("range('a', 1)", "of type 'Integer'"),
    ("range(0, 10001)", "between '0' and '10000'"),
    ("range(9223372036854775807, 2)", "not a 64-bit integer"),
    ("shallowMerge(createArray(1))", "of type 'Object'"),
    ("tryIndexFromEnd(1, 1)", "of type 'Array'"),
    ("union(createObject(), createArray())", "of type 'Object'"),
    // Lambdas.
    ("filter(1, lambda('x', true()))", "of type 'Array'"),
    ("filter(createArray(1), lambda('x', 1))", "of type 'Boolean'"),
    ("groupBy(createArray(1), lambda('x', 1))", "of type 'String'"),
    ("lambda('x', 1)", "not expected at this location"),
    ("lambdaVariables('x')", "'x' is not found"),
    ("lambdaVariables(1)", "of type 'String'"),
    ("map(createArray(1), 1)", "a lambda function is expected"),
    ("mapValues(createArray(), lambda('x', 1))", "of type 'Object'"),
    ("reduce('a', 1, lambda('x', 'y', 1))", "of type 'Array'"),
    ("sort(createArray(1, 2), lambda('x', 'y', 1))", "of type 'Boolean'"),
    ("toObject(createArray(1), lambda('x', 1))", "of type 'String'"),
    // Truth and comparison.
    ("and(true(), 1)", "of type 'Boolean'"),
    ("bool('sdf')", "cannot be converted to the target type"),
    ("fail('x')", "x"),
    ("greater(1, 'a')", "cannot be compared"),
    ("greaterOrEquals(true(), false())", "cannot be compared"),
    ("if(1, 2, 3)", "of type 'Boolean'"),
    ("less(createArray(), createArray())", "cannot be compared"),
    ("lessOrEquals(null(), 1)", "cannot be compared"),
    ("not(0)", "of type 'Boolean'"),
    ("or('true', true())", "of type 'Boolean'"),
    // Numbers.
    ("add('1', 2)", "of type 'Integer'"),
    ("add(9223372036854775807, 1)", "not a 64-bit integer"),
    ("div(1, 0)", "not a 64-bit integer"),
    ("float('a')", "cannot be converted to the target type"),
    ("int('asdf')", "cannot convert provided value 'asdf'"),
    ("max('a')", "of type 'Integer'"),
    ("max(createArray())", "must not be empty"),
    ("min(1, 'a')", "of type 'Integer'"),
    ("mod(1, 0)", "not a 64-bit integer"),
    ("mul(9223372036854775807, 2)", "not a 64-bit integer"),
    ("sub(1, null())", "of type 'Integer'"),
    // Strings.
    ("base64(1)", "of type 'String'"),
    ("base64ToJson('YQ==')", "cannot be converted to JSON"),
    ("base64ToString('*')", "cannot be decoded from base64"),
    ("concat('a', createObject())", "of type 'String'"),
    ("concat(createArray(), 'a')", "of type 'Array'"),
    ("contains(1, 1)", "of type 'String, Array, Object'"),
    ("contains(createObject(), 1)", "of type 'String'"),
    ("empty(1)", "of type 'String, Array, Object'"),
    ("endsWith('a', 1)", "of type 'String'"),
    ("first(1)", "of type 'String, Array'"),
    ("format(1)", "of type 'String'"),
    ("format('{1}', 1)", "Index (zero based)"),
    ("guid(createArray())", "of type 'String'"),
    ("indexOf(1, 1)", "of type 'String, Array'"),
    ("join('a', ',')", "of type 'Array'"),
    ("join(createArray(createArray()), ',')", "of type 'String, Integer, Boolean'"),
    ("json('{')", "cannot be converted to JSON"),
    ("last(createObject())", "of type 'String, Array'"),
    ("lastIndexOf('a', 1)", "of type 'String'"),
    ("length(1)", "is of type 'Integer'"),
    ("like(1, '*')", "of type 'String'"),
    ("padLeft(true(), 5)", "of type 'String, Integer'"),
    ("padLeft('a', 5, 'bc')", "a single character"),
    ("replace('a', '', 'b')", "must not be empty"),
    ("skip(1, 1)", "of type 'String, Array'"),
    ("split(1, ',')", "of type 'String'"),
    ("split('a', createArray(1))", "of type 'String'"),
    ("startsWith(null(), 'a')", "of type 'String'"),
    ("substring('1234567890', 0, 11)", "must refer to a location within the string"),
    ("take('a', 'b')", "of type 'Integer'"),
    ("toLower(1)", "of type 'String'"),
    ("toUpper(createArray())", "of type 'String'"),
    ("trim(1)", "of type 'String'"),
    ("uniqueString(1)", "of type 'String'"),
    // Addresses, dates, networks.
    ("buildUri('a')", "of type 'Object'"),
    ("dataUri(1)", "of type 'String'"),
    ("dataUriToString('a')", "cannot be decoded from data URI"),
    ("parseUri('a')", "not an absolute URI"),
    ("uri('a', 1)", "of type 'String'"),
    ("uriComponent(1)", "of type 'String'"),
    ("uriComponentToString('%')", "cannot be decoded"),
    ("dateTimeAdd('a', 'P1D')", "not a valid date and time"),
    ("dateTimeAdd('2020-01-01T00:00:00Z', '1D')", "not a valid ISO 8601 duration"),
    ("dateTimeFromEpoch('a')", "of type 'Integer'"),
    ("dateTimeToEpoch('a')", "not a valid date and time"),
    ("cidrHost('10.0.0.0/24', 'a')", "of type 'Integer'"),
    ("cidrSubnet('10.0.0.0', 24, 0)", "not a valid CIDR notation"),
    ("parseCidr('a')", "not a valid CIDR notation"),
    // Zones and the platform.
    ("externalInputs('a')", "not expected at this location"),
    ("pickZones(1, 'a', 'b')", "of type 'String'"),
    ("providers('N.S')", "'N.S' is not found"),
    ("roleDefinitions(1)", "of type 'String'"),
    ("toLogicalZone('a', 'b', 'c')", "the id of a subscription"),
    ("toLogicalZones('a', 'b', 'c')", "of type 'Array'"),
    ("toPhysicalZone('a', 'b', 1)", "of type 'String'"),
    ("toPhysicalZones('a', 'b', createArray(1))", "of type 'String'"),
    // The deployment and its place.
    ("copyIndex()", "not expected at this location"),
    ("copyIndex('a', 'b')", "the offset must be an integer"),
    ("deployer()", "not expected at this location"),
    ("managementGroup()", "not expected at this location"),
    ("newGuid()", "not expected at this location"),
    ("parameters(1)", "of type 'String'"),
    ("resourceGroup()", "not expected at this location"),
    ("subscription()", "not expected at this location"),
    ("utcNow()", "not expected at this location"),
    ("variables('a')", "'a' is not found"),
    // Resources.
    ("extensionResourceId(1, 'N.S/t', 'a')", "of type 'String'"),
    ("managementGroupResourceId('m', 'N.S/t')", "requires '1' resource name"),
    ("reference(1)", "of type 'String'"),
    ("reference('/a/b', 1)", "of type 'String'"),
    ("reference('/a/b')", "the API version is required"),
    ("references('a')", "'a' is not valid"),
    ("resourceId('N.S/t', 1)", "of type 'String'"),
    ("resourceId('N.S/t', 'a', 'b')", "requires '1' resource name"),
    ("resourceInfo('a')", "'a' is not valid"),
    ("subscriptionResourceId('a', 'b')", "a fully qualified resource type is expected"),
    ("tenantResourceId('N.S/t/u', 'a')", "requires '2' resource name"),
];

/// What takes any argument, or none.
const INDIFFERENT: &str = "array coalesce createArray deployment environment equals false null \
                           string tenant true tryGet";

#[test]
fn every_function_refuses_what_it_does_not_take() {
    let mut misused = BTreeSet::new();
    for (text, expected) in WRONG {
        let message = at(group(), text).expect_err(text);
        assert!(message.contains(expected), "{text}: {message}");
        misused.insert(text.split('(').next().unwrap_or_default());
    }
    let all: BTreeSet<&str> = names().collect();
    let covered: BTreeSet<&str> =
        misused.into_iter().chain(INDIFFERENT.split_whitespace()).collect();
    assert_eq!(all, covered);
    assert!(at(group(), "listKeys('/a/b', 1)").unwrap_err().contains("of type 'String'"));
}
