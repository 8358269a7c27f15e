//! `/applications`.

use base64::{Engine, prelude::BASE64_STANDARD};
use operations::{
    directory::{
        applications::{self, Key, Said},
        credentials::Given,
    },
    page::Paged,
};
use store::snapshot::Page;
use wire::graph::{
    applications::{APPLICATION, ApplicationBody, CertificateBody, application, read},
    body::BadBody,
    query::{Meant, Select},
};

use crate::{
    answer::Answer,
    failure::Failure,
    list::{self, Fetched},
    route::{Answered, Ask},
};

pub(super) fn key(ask: &Ask) -> Result<Key, Failure> {
    Ok(match ask.object_or_app(0)? {
        Ok(object) => Key::Object(object),
        Err(app) => Key::App(app),
    })
}

fn fetch<'a>(ask: &'a Ask, meant: &'a Meant, page: Page) -> Fetched<'a> {
    Box::pin(async move {
        let wanted = |it: &model::directory::Application| meant.meets(&application(it, &[]));
        let found = applications::list(ask.plane(), &ask.context, page, wanted).await?;
        let items = found.items.iter().map(|(it, held)| application(it, held)).collect();
        Ok(Paged { items, next: found.next })
    })
}

pub(crate) fn list(ask: Ask) -> Answered {
    Box::pin(list::serve(ask, &APPLICATION, fetch))
}

pub(crate) fn count(ask: Ask) -> Answered {
    Box::pin(list::count(ask, &APPLICATION, fetch))
}

pub(crate) fn get(ask: Ask) -> Answered {
    Box::pin(async move {
        ask.only(&["select"])?;
        let select = Select::parse(ask.query.get("$select"), &APPLICATION)?;
        let (found, held) = applications::get(ask.plane(), &ask.context, key(&ask)?).await?;
        let context = ask.metadata(&format!("applications{}/$entity", select.context()));
        let view = select.shown(application(&found, &held), &APPLICATION);
        Ok(Answer::entity(200, context, view))
    })
}

pub(crate) fn create(ask: Ask) -> Answered {
    Box::pin(async move {
        let said = said(read(&ask.body)?)?;
        let name = said.edit.display_name.clone().ok_or(BadBody::Missing("displayName"))?;
        let (made, held) = applications::create(ask.plane(), &ask.context, name, &said).await?;
        let view =
            Select::parse(None, &APPLICATION)?.shown(application(&made, &held), &APPLICATION);
        let place = ask.place("applications", &made.object);
        Ok(Answer::entity(201, ask.metadata("applications/$entity"), view).with("location", place))
    })
}

pub(crate) fn update(ask: Ask) -> Answered {
    Box::pin(async move {
        let said = said(read(&ask.body)?)?;
        applications::update(ask.plane(), &ask.context, key(&ask)?, &said).await?;
        Ok(Answer::done())
    })
}

pub(crate) fn delete(ask: Ask) -> Answered {
    Box::pin(async move {
        applications::delete(ask.plane(), &ask.context, key(&ask)?).await?;
        Ok(Answer::done())
    })
}

fn said(body: ApplicationBody) -> Result<Said, Failure> {
    let given = |it: CertificateBody| {
        let bytes = it.certificate.map(|text| BASE64_STANDARD.decode(text.trim()));
        let certificate = bytes.transpose().map_err(|_| BadBody::Invalid("keyCredentials"))?;
        Ok(Given { key: it.key, certificate, display_name: it.display_name })
    };
    let all = |them: Vec<CertificateBody>| {
        them.into_iter().map(given).collect::<Result<Vec<_>, BadBody>>()
    };
    Ok(Said { edit: body.edit, certificates: body.certificates.map(all).transpose()? })
}
