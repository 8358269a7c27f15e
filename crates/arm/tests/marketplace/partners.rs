//! Whose partner somebody works for.

use model::samples::{ADA, OLOF};
use serde_json::Value;

use super::kit::{ask, body, code, plane};

const PARTNERS: &str = "/providers/Microsoft.ManagementPartner/partners";

#[tokio::test]
async fn everybody_links_themselves_and_nobody_else() {
    let plane = plane(&[]).await;
    let to = async |who, verb: &str, id: &str| {
        ask(&plane, who, &format!("{verb} {PARTNERS}{id}?2018-02-01"), &Value::Null).await
    };
    assert_eq!(code(&to(ADA, "GET", "").await), "NotFound");
    assert_eq!(code(&to(ADA, "PATCH", "/123456").await), "NotFound");
    let made = to(ADA, "PUT", "/123456").await;
    assert_eq!(made.status, 200);
    let it = body(&made);
    assert_eq!(it["id"], "/providers/microsoft.managementpartner/partners/123456");
    assert_eq!((&it["etag"], &it["properties"]["state"]), (&1.into(), &"Active".into()));
    assert_eq!(it["properties"]["objectId"], ADA.object.to_string());
    assert_eq!(it["properties"]["tenantId"], ADA.tenant.to_string());

    // The same object id in another tenant is somebody else.
    assert_eq!(code(&to(OLOF, "GET", "/123456").await), "NotFound");
    assert_eq!(code(&to(OLOF, "DELETE", "/123456").await), "NotFound");
    assert_eq!(to(ADA, "GET", "/123456").await.status, 200);

    assert_eq!(code(&to(ADA, "PUT", "/654321").await), "Conflict");
    assert_eq!(to(ADA, "PUT", "/123456").await.status, 200, "it is so already");
    let changed = body(&to(ADA, "PATCH", "/654321").await);
    assert_eq!((&changed["name"], &changed["etag"]), (&"654321".into(), &2.into()));
    assert_eq!(code(&to(ADA, "DELETE", "/123456").await), "NotFound");
    assert_eq!(to(ADA, "DELETE", "/654321").await.status, 200);
    assert_eq!(code(&to(ADA, "GET", "").await), "NotFound");
    for bad in ["/0", "/abc", "/12345678901"] {
        assert_eq!(code(&to(ADA, "PUT", bad).await), "BadRequest", "{bad}");
    }
}
