//! Golden values: those of the official engine first, then what the documentation says.

use super::*;

#[test]
fn guid_and_unique_string_are_exact() {
    let group = "'/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/myRg'";
    let other = "'/subscriptions/11068ed9-6c31-4a47-8183-4eca6d84bb32/resourceGroups/myRg'";
    let third = "'/subscriptions/00000000-0000-4000-8000-000000000084/resourceGroups/rg-p84',\
                 'p84fixture'";
    let resource = "'/subscriptions/00000000-0000-0000-0000-000000000000','resource-id'";
    let kind = "'/subscriptions/12345678-1234-1234-1234-123456789012/resourceGroups/my-rg',\
                'Microsoft.Storage/storageAccounts'";
    let unique = [
        ("'asd','asdf','asdf'", "iizpqit7ih3cc"),
        (group, "js26ofeqkqeve"),
        (other, "pwt7yebfrftwu"),
        (third, "52p2c4jfs43ig"),
        ("'fu'", "6rkxbspxjmsho"),
        ("'fubar'", "cj2xpqsiwjfne"),
        ("'fu','bar'", "q5wxoscxs5j6k"),
        (resource, "cwvxuqg24sifi"),
        (kind, "z22rah77jfqry"),
        ("'idpyop'", "7loye3szwezv2"),
    ];
    for (arguments, expected) in unique {
        check(&[(&format!("uniqueString({arguments})"), json!(expected))]);
    }
    let guids = [
        ("'asdf'", "228d27cc-6fdb-5934-b7ac-1efccebade04"),
        ("'test'", "d6a5baf1-8b9b-542a-8525-2982f1f98a0c"),
        ("'test2'", "fb562ae6-c089-5a96-af37-d11087a88cc0"),
        ("'test3'", "0e6c486e-93e2-5c9e-acc3-9b4c6b5021d9"),
        ("'a','b'", "2d796349-8c7e-55ec-9624-54ece82ed031"),
        ("'a-b'", "2d796349-8c7e-55ec-9624-54ece82ed031"),
        ("'Contoso MSP'", "d6afc451-02c8-5f67-a379-24bd58194a82"),
        ("'Relecloud Managed Services'", "a284898a-fc04-581d-aca0-047861d06160"),
        ("'Fabrikam Managed Services - Assessment'", "33a4ceb3-e216-5044-b469-b8789eacf1aa"),
    ];
    for (arguments, expected) in guids {
        check(&[(&format!("guid({arguments})"), json!(expected))]);
    }
}

#[test]
fn strings() {
    check(&[
        ("concat('a', 1, true(), 'b')", json!("a1Trueb")),
        ("concat(createArray(1), createArray(2, 3))", json!([1, 2, 3])),
        ("contains('FOOBAR', 'bar')", json!(false)),
        ("contains(createObject('A', 1), 'a')", json!(true)),
        ("contains(createArray('a'), 'A')", json!(false)),
        ("contains(createArray(createArray(1)), createArray(1))", json!(true)),
        ("empty(null())", json!(true)),
        ("empty(createArray(1))", json!(false)),
        ("startsWith('abcdef', 'AB')", json!(true)),
        ("endsWith('abcdef', 'e')", json!(false)),
        ("first('one')", json!("o")),
        ("last(createArray(1, 2))", json!(2)),
        ("first('')", json!("")),
        ("indexOf('FOOBAR', 'bar')", json!(3)),
        ("indexOf('test', 'x')", json!(-1)),
        ("lastIndexOf('abcdef', 'F')", json!(5)),
        ("lastIndexOf(createArray('a', 'b', 'a'), 'a')", json!(2)),
        ("indexOf(createArray('a'), 'A')", json!(-1)),
        ("join(createArray('a', 1, true()), '-')", json!("a-1-True")),
        ("length('abc')", json!(3)),
        ("length(createObject('a', 1, 'b', 2))", json!(2)),
        ("like('FooBar', 'f*b*r')", json!(true)),
        ("like('FooBar', 'f*b')", json!(false)),
        ("like('abab', '*ab')", json!(true)),
        ("padLeft(13, 5)", json!("   13")),
        ("padLeft('123', 10, '0')", json!("0000000123")),
        ("replace('123-123-1234', '-', '')", json!("1231231234")),
        ("skip('one two three', 4)", json!("two three")),
        ("skip(createArray(1, 2, 3), 5)", json!([])),
        ("skip('abc', -1)", json!("abc")),
        ("take(createArray(1, 2, 3), 2)", json!([1, 2])),
        ("take('abc', 0)", json!("")),
        ("split('one,two,three', ',')", json!(["one", "two", "three"])),
        ("split('one;two,three', createArray(',', ';'))", json!(["one", "two", "three"])),
        ("split(',a', ',')", json!(["", "a"])),
        ("string(true())", json!("True")),
        ("string(createObject('a', createArray(1)))", json!("{\"a\":[1]}")),
        ("substring('asdfasf', 3)", json!("fasf")),
        ("substring('one two three', 4, 3)", json!("two")),
        ("toUpper('One')", json!("ONE")),
        ("trim('  a ')", json!("a")),
        ("json('null')", Value::Null),
        ("json('1.5')", json!(1.5)),
        ("json('{\"a\": [1]}').a[0]", json!(1)),
        ("base64('one, two')", json!("b25lLCB0d28=")),
        ("base64ToString('b25lLCB0d28=')", json!("one, two")),
        ("base64ToJson(base64('{\"a\": 1}')).a", json!(1)),
    ]);
    refused(&[
        (
            "substring('1234567890', 0, 11)",
            "The index and length parameters must refer to a location within the string. The index \
             parameter: '0', the length parameter: '11', the length of the string parameter: '10'.",
        ),
        (
            "base64ToString('*')",
            "The template language function 'base64ToString' was invoked with a parameter that is \
             not valid. The value cannot be decoded from base64 representation.",
        ),
        ("concat('a', createArray())", "of type 'Array'"),
        ("guid(1)", "expects its parameter to be of type 'String'"),
    ]);
}

#[test]
fn formats() {
    let engine = "format('>{0}<>{1}<>{2}<>{3}<>{4}<', false(), 12948, 'hello!', \
                  createObject('a', 'b', '!c', 2), createArray(true(), 2893, 'abc'))";
    check(&[
        (engine, json!(">False<>12948<>hello!<>{'a':'b','!c':2}<>[true,2893,'abc']<")),
        (
            "format('{0}, {1}. Formatted number: {2:N0}', 'Hello', 'User', 8175133)",
            json!("Hello, User. Formatted number: 8,175,133"),
        ),
        ("format('{{{0}}}', 1)", json!("{1}")),
        ("format('{0,5}|{0,-5}|', 'ab')", json!("   ab|ab   |")),
        ("format('{0:D3} {0:X} {0:F1} {0:000}', 10)", json!("010 A 10.0 010")),
        ("format('{0:N2}', -1234)", json!("-1,234.00")),
    ]);
    refused(&[
        (
            "format('{1}', 'a')",
            "Unable to evaluate language function 'format': the format is invalid: 'Index (zero \
             based) must be greater than or equal to zero and less than the size of the argument \
             list.'. Please see https://aka.ms/arm-function-format for usage details.",
        ),
        ("format('{0', 'a')", "Input string was not in a correct format."),
        ("format('{0,99999999}', 'a')", "Input string was not in a correct format."),
    ]);
}

#[test]
fn addresses() {
    check(&[
        ("uriComponent('UB*8h 0+=_)9h9n')", json!("UB%2A8h%200%2B%3D_%299h9n")),
        ("uriComponentToString('a%20b')", json!("a b")),
        (
            "uri('http://contoso.org/firstpath', 'myscript.sh')",
            json!("http://contoso.org/myscript.sh"),
        ),
        (
            "uri('http://contoso.org/firstpath/', '/myscript.sh')",
            json!("http://contoso.org/firstpath/myscript.sh"),
        ),
        (
            "uri('http://contoso.org/firstpath/azuredeploy.json', 'myscript.sh')",
            json!("http://contoso.org/firstpath/myscript.sh"),
        ),
        ("uri('http://contoso.org', 'a')", json!("http://contoso.org/a")),
        ("dataUri('Hello')", json!("data:text/plain;charset=utf8;base64,SGVsbG8=")),
        ("dataUriToString('data:;base64,SGVsbG8sIFdvcmxkIQ==')", json!("Hello, World!")),
    ]);
}

#[test]
fn arrays_and_objects() {
    check(&[
        ("array('a')", json!(["a"])),
        ("distinct(createArray(1, 1, '1'))", json!([1, "1"])),
        (
            "flatten(createArray(createArray(1), createArray(2, createArray(3))))",
            json!([1, 2, [3]]),
        ),
        ("range(5, 3)", json!([5, 6, 7])),
        ("intersection(createArray(1, 2, 3), createArray(2, 3, 4))", json!([2, 3])),
        (
            "intersection(createObject('a', 1, 'b', 2), createObject('a', 1, 'b', 3))",
            json!({"a": 1}),
        ),
        ("union(createArray(1, 2), createArray(2, 3))", json!([1, 2, 3])),
        (
            "union(json('{\"p\":{\"one\":\"a\"},\"nestedArray\":[1,2]}'), \
          json('{\"p\":{\"two\":\"b\"},\"nestedArray\":[3,4]}'))",
            json!({"p": {"one": "a", "two": "b"}, "nestedArray": [3, 4]}),
        ),
        (
            "shallowMerge(createArray(createObject('a', 1), createObject('a', 2, 'b', 3)))",
            json!({"a": 2, "b": 3}),
        ),
        (
            "items(createObject('b', 1, 'A', 2))",
            json!([{"key": "A", "value": 2}, {"key": "b", "value": 1}]),
        ),
        ("objectKeys(createObject('b', 1, 'A', 2))", json!(["A", "b"])),
        ("tryGet(createObject('a', createArray(7)), 'A', 0)", json!(7)),
        ("tryGet(createArray(), 0)", Value::Null),
        ("indexFromEnd(createArray(1, 2), 1)", json!(2)),
        ("tryIndexFromEnd(createArray(1, 2), 3)", Value::Null),
        ("coalesce(null(), 'a')", json!("a")),
        ("min(createArray(3, 1, 2))", json!(1)),
        ("max(3, 1, 2)", json!(3)),
    ]);
    refused(&[
        ("createObject('a')", "an even number"),
        ("indexFromEnd(createArray(), 1)", "out of bounds"),
        ("range(0, 10001)", "range"),
    ]);
}

#[test]
fn lambdas() {
    check(&[
        (
            "toObject(createArray(123, 456, 789), lambda('i', string(div(lambdaVariables('i'), 100))))",
            json!({"1": 123, "4": 456, "7": 789}),
        ),
        (
            "map(createArray('a', 'b'), lambda('x', 'i', concat(lambdaVariables('x'), lambdaVariables('i'))))",
            json!(["a0", "b1"]),
        ),
        ("filter(range(0, 5), lambda('x', greater(lambdaVariables('x'), 2)))", json!([3, 4])),
        (
            "reduce(range(1, 4), 0, lambda('a', 'b', add(lambdaVariables('a'), lambdaVariables('b'))))",
            json!(10),
        ),
        (
            "sort(createArray(3, 1, 2), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))",
            json!([1, 2, 3]),
        ),
        (
            "groupBy(createArray('ab', 'ac', 'b'), lambda('x', take(lambdaVariables('x'), 1)))",
            json!({"a": ["ab", "ac"], "b": ["b"]}),
        ),
        (
            "mapValues(createObject('a', 1), lambda('x', add(lambdaVariables('x'), 1)))",
            json!({"a": 2}),
        ),
    ]);
    refused(&[
        ("map(createArray(1), 'x')", "a lambda function is expected"),
        ("lambdaVariables('x')", "lambda variable 'x' is not found"),
    ]);
}

#[test]
fn logic_and_numbers() {
    check(&[
        ("bool('TRUE')", json!(true)),
        ("bool(0)", json!(false)),
        ("and(true(), false())", json!(false)),
        ("or(false(), false(), true())", json!(true)),
        ("not(false())", json!(true)),
        ("equals('a', 'A')", json!(false)),
        ("equals(createObject('a', 1, 'b', 2), createObject('b', 2, 'a', 1))", json!(true)),
        ("less('a', 'b')", json!(true)),
        ("greaterOrEquals(2, 2)", json!(true)),
        ("mod(20, 7)", json!(6)),
        ("div(6, 11)", json!(0)),
        ("div(-7, 2)", json!(-3)),
        ("sub(0, 13)", json!(-13)),
        ("int('42')", json!(42)),
        ("float('1.5')", json!(1.5)),
    ]);
    refused(&[
        (
            "int('asdf')",
            "The template language function 'int' cannot convert provided value 'asdf' \
          to integer value. Please see https://aka.ms/arm-function-int for usage details.",
        ),
        (
            "bool('sdf')",
            "The template language function 'bool' was invoked with a parameter that is \
          not valid. The value cannot be converted to the target type.",
        ),
        ("div(1, 0)", "64-bit integer"),
        ("mul(9223372036854775807, 2)", "64-bit integer"),
        ("less(1, 'a')", "cannot be compared"),
        ("if('true', 1, 2)", "of type 'Boolean'"),
        ("fail('because')", "because"),
    ]);
}

#[test]
fn dates() {
    check(&[
        ("dateTimeAdd(dateTimeFromEpoch(1680224438), 'P1D')", json!("2023-04-01T01:00:38Z")),
        ("dateTimeAdd('2020-04-07 14:53:14Z', '-PT1H')", json!("2020-04-07T13:53:14Z")),
        ("dateTimeAdd('20200407T145314Z', 'P1M', 'yyyy-MM-dd')", json!("2020-05-07")),
        (
            "dateTimeAdd('2020-04-07T14:53:14', 'P0D', 'ddd d MMM yy h:mm tt')",
            json!("Tue 7 Apr 20 2:53 PM"),
        ),
        ("dateTimeAdd('2020-04-07T14:53:14', 'P0D', 'u')", json!("2020-04-07 14:53:14Z")),
        ("dateTimeToEpoch('2023-03-31T01:00:38Z')", json!(1_680_224_438)),
    ]);
    refused(&[
        ("dateTimeAdd('x', 'P1D')", "not a valid date"),
        ("dateTimeAdd('2020-04-07', 'P99999Y')", "valid"),
    ]);
}

#[test]
fn address_ranges() {
    check(&[
        (
            "parseCidr('10.144.0.0/20')",
            json!({"network": "10.144.0.0", "netmask": "255.255.240.0", "cidr": 20,
                "broadcast": "10.144.15.255", "firstUsable": "10.144.0.1",
                "lastUsable": "10.144.15.254"}),
        ),
        (
            "parseCidr('fdad:3236:5555::/48')",
            json!({"network": "fdad:3236:5555::", "netmask": "ffff:ffff:ffff::", "cidr": 48,
                "firstUsable": "fdad:3236:5555::",
                "lastUsable": "fdad:3236:5555:ffff:ffff:ffff:ffff:ffff"}),
        ),
        ("cidrSubnet('10.144.0.0/20', 24, 0)", json!("10.144.0.0/24")),
        ("cidrSubnet('10.144.0.0/20', 24, 15)", json!("10.144.15.0/24")),
        ("cidrSubnet('::/0', 0, 0)", json!("::/0")),
        ("cidrHost('10.144.3.0/24', 0)", json!("10.144.3.1")),
        ("cidrHost('fdad:3236:5555:3::/64', 1)", json!("fdad:3236:5555:3::2")),
    ]);
    refused(&[
        ("parseCidr('10.0.0.0/33')", "not a valid CIDR"),
        ("parseCidr('10.0.0.0')", "not a valid CIDR"),
        ("cidrSubnet('10.144.0.0/20', 24, 16)", "does not lie"),
        ("cidrSubnet('10.144.0.0/20', 16, 0)", "does not lie"),
        ("cidrHost('10.144.3.0/24', 255)", "does not lie"),
    ]);
}

#[test]
fn ids_of_resources() {
    let sub = format!("/subscriptions/{SUBSCRIPTION}");
    let storage = "'Microsoft.Storage/storageAccounts', 'a'";
    let in_group =
        format!("{sub}/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts/a");
    check(&[
        (&format!("resourceId({storage})"), json!(in_group)),
        ("resourceId('Microsoft.Storage/storageAccounts/', 'a')", json!(in_group)),
        (&format!("resourceId('other', {storage})"), json!(in_group.replace("rg1", "other"))),
        (
            &format!("resourceId('22222222-2222-4222-8222-222222222222', 'g', {storage})"),
            json!(
                "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a"
            ),
        ),
        (
            "resourceId('Microsoft.Sql/servers/databases', 's', 'd')",
            json!(format!(
                "{sub}/resourceGroups/rg1/providers/Microsoft.Sql/servers/s/databases/d"
            )),
        ),
        (
            "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'r')",
            json!(format!("{sub}/providers/Microsoft.Authorization/roleDefinitions/r")),
        ),
        (
            "subscriptionResourceId('Microsoft.Resources/resourceGroups', 'g')",
            json!(format!("{sub}/resourceGroups/g")),
        ),
        (
            "resourceId('Microsoft.Resources/resourceGroups/', 'g')",
            json!(format!("{sub}/resourceGroups/g")),
        ),
        (
            "tenantResourceId('Microsoft.Management/managementGroups', 'm')",
            json!("/providers/Microsoft.Management/managementGroups/m"),
        ),
        (
            "extensionResourceId('/a/b', 'Microsoft.Authorization/locks', 'l')",
            json!("/a/b/providers/Microsoft.Authorization/locks/l"),
        ),
        (
            "managementGroupResourceId('m', 'N.S/t', 'x')",
            json!("/providers/Microsoft.Management/managementGroups/m/providers/N.S/t/x"),
        ),
    ]);
    let here = Scope::Subscription { subscription: SUBSCRIPTION.to_owned() };
    let expected =
        json!(format!("{sub}/providers/Microsoft.ManagedServices/registrationDefinitions/d"));
    let text = "resourceId('Microsoft.ManagedServices/registrationDefinitions/', 'd')";
    assert_eq!(at(here, text), Ok(expected));
    assert_eq!(at(Scope::Tenant, "resourceId('N.S/t', 'a')"), Ok(json!("/providers/N.S/t/a")));
    let management = Scope::ManagementGroup { name: "m".to_owned() };
    assert_eq!(at(management, "resourceId('N.S/t', 'a')"), Ok(json!("/providers/N.S/t/a")));
    refused(&[
        (
            "resourceId('Microsoft.Sql/servers/databases', 's')",
            "Unable to evaluate template language \
          function 'resourceId': the type 'Microsoft.Sql/servers/databases' requires '2' resource \
          name argument(s)",
        ),
        ("resourceId('a', 'b')", "a fully qualified resource type"),
        ("resourceId('', '')", "a fully qualified resource type"),
    ]);
}
