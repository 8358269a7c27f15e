//! What an application's registration says of how it signs in, beside its secrets.

use document::{fault::Faults, fields::Fields, tree::Node};
use identity::{certificate, federated::EXCHANGE, redirect};
use model::directory::Redirects;

use crate::{
    declared::{Certificate, FederatedCredential},
    sections,
};

/// The certificate of `certificate:`, in PEM.
pub(super) fn certificate(fields: &mut Fields<'_, '_>) -> Option<Certificate> {
    let pem = fields.word("certificate")?;
    match certificate::read(pem.it.as_bytes()) {
        Ok(read) => Some(Certificate { at: pem.at, read }),
        Err(bad) => {
            fields.faults.add(pem.at, bad.to_string());
            None
        }
    }
}

pub(super) fn federated(node: &Node, faults: &mut Faults) -> FederatedCredential {
    let mut fields = Fields::of(node, &sections::FEDERATED_CREDENTIAL, faults);
    let mut audiences = fields.texts("audiences");
    if audiences.is_empty() {
        audiences.push(EXCHANGE.to_owned());
    }
    FederatedCredential {
        name: fields.required("name"),
        federated: model::directory::Federated {
            issuer: fields.required("issuer").it,
            subject: fields.required("subject").it,
            audiences,
            description: fields.text("description").unwrap_or_default(),
        },
    }
}

pub(super) fn redirects(node: &Node, faults: &mut Faults) -> Redirects {
    let mut fields = Fields::of(node, &sections::REDIRECT_URIS, faults);
    let redirects = Redirects {
        web: fields.texts("web"),
        spa: fields.texts("spa"),
        public: fields.texts("publicClient"),
    };
    if let Err(bad) = redirect::judge(&redirects) {
        fields.faults.add(fields.at, bad.to_string());
    }
    redirects
}
