//! The authorization endpoint, and the form behind it.

use axum::{
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use identity::{
    authorize::{Carried, carried},
    form::{Form, encoded},
    refusal::Refused,
    secret::Sensitive,
};
use ids::guid::CorrelationId;
use operations::sign_in::{
    Asker, Error,
    authorize::{Done, Entry, Onward, Step, Trusted},
};

use crate::{
    Surface,
    answer::Failure,
    page::{self, Failed, Page},
    request,
    sign_in_page::{self, Asking},
};

/// Which sign-ins are this browser's. `Lax`: a client's link must find them.
pub(crate) const BROWSER: &str = "__Host-fyr-browser";

/// One request to sign in.
struct Visit<'a> {
    surface: &'a Surface,
    tenant: &'a str,
    head: &'a Parts,
    /// What the client asks.
    form: Form,
    correlation: CorrelationId,
}

/// What a request brings: what the client asks, and what a person did on the page, if it comes
/// from there.
struct Forms {
    asked: Form,
    typed: Option<Form>,
}

/// `GET /{tenant}/oauth2/v2.0/authorize`.
pub(crate) async fn asked(
    State(surface): State<Surface>,
    Path(tenant): Path<String>,
    request: Request,
) -> Response {
    let (head, _) = request.into_parts();
    let asked = request::query(&head).map_err(Failure::from);
    begun(&surface, &tenant, &head, asked.map(|asked| Forms { asked, typed: None })).await
}

/// `POST /{tenant}/oauth2/v2.0/authorize`: the same, in a body.
pub(crate) async fn posted(
    State(surface): State<Surface>,
    Path(tenant): Path<String>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let asked = request::form(&head, body).await;
    begun(&surface, &tenant, &head, asked.map(|asked| Forms { asked, typed: None })).await
}

/// `POST /{tenant}/login?…`: what a person did on the page, with the client's request in the URL.
pub(crate) async fn entered(
    State(surface): State<Surface>,
    Path(tenant): Path<String>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let forms = match request::query(&head) {
        Ok(asked) => {
            let typed = request::form(&head, body).await;
            typed.map(|typed| Forms { asked, typed: Some(typed) })
        }
        Err(refused) => Err(refused.into()),
    };
    begun(&surface, &tenant, &head, forms).await
}

async fn begun(
    surface: &Surface,
    tenant: &str,
    head: &Parts,
    forms: Result<Forms, Failure>,
) -> Response {
    let correlation = request::correlation(head, surface.sign_in.plane());
    let outcome = match forms {
        Ok(Forms { asked: form, typed }) => {
            Visit { surface, tenant, head, form, correlation }.answered(typed).await
        }
        Err(failure) => Err(failure),
    };
    outcome.unwrap_or_else(|failure| refused(surface, head, &failure, correlation))
}

/// An error that is shown to the person, since nobody else can be trusted with it.
pub(crate) fn refused(
    surface: &Surface,
    head: &Parts,
    failure: &Failure,
    correlation: CorrelationId,
) -> Response {
    let plane = surface.sign_in.plane();
    let told = failure.told(plane, correlation);
    let status = StatusCode::from_u16(told.answer.status).unwrap_or(StatusCode::BAD_REQUEST);
    let page = sign_in_page::failed(&told, &correlation.to_string());
    let token = page::token(&head.headers, &*plane.random);
    page::rendered(&page, status, &token, &*plane.random)
}

impl Visit<'_> {
    /// Fails only where nobody but the person may hear of it.
    async fn answered(&self, typed: Option<Form>) -> Result<Response, Failure> {
        let (asker, trusted) = self.trusted().await?;
        Ok(match typed {
            Some(typed) => self.enter(asker, &trusted, &typed).await,
            None => self.step(asker, &trusted).await,
        })
    }

    async fn trusted(&self) -> Result<(Asker, Trusted), Failure> {
        let sign_in = &self.surface.sign_in;
        let directory = sign_in.directory(self.tenant).await?;
        let asker = request::asker(self.head, directory, self.correlation);
        let trusted = sign_in.trusted(&asker, &self.form, self.tenant).await?;
        Ok((asker, trusted))
    }

    fn cookie(&self) -> Option<&str> {
        page::cookie(&self.head.headers, BROWSER)
    }

    async fn step(&self, asker: Asker, trusted: &Trusted) -> Response {
        let sign_in = &self.surface.sign_in;
        match sign_in.authorize(asker, trusted, &self.form, self.cookie()).await {
            Ok(Step::Done(code)) => self.done(trusted, Done { code, cookie: None }),
            Ok(Step::Ask { hint }) => self.ask(trusted, StatusCode::OK, &hint, None),
            Ok(Step::Choose(candidates)) => {
                let other = self.form.clone().with("prompt", "login");
                let other = self.path("oauth2/v2.0/authorize", &other);
                self.shown(trusted, StatusCode::OK, None, |asking| {
                    sign_in_page::choose(asking, &candidates, &other)
                })
            }
            Err(error) => self.carry_error(trusted, &error.into()),
        }
    }

    async fn enter(&self, asker: Asker, trusted: &Trusted, typed: &Form) -> Response {
        let field = |name| typed.get(name).unwrap_or_default().to_owned();
        let username = field("username");
        if !page::opened_here(&self.head.headers, typed) {
            let Failed { status, words } = Failed::not_opened_here();
            return self.ask(trusted, status, &username, Some(&words));
        }
        if typed.get("answer") == Some("cancel") {
            return self.carry_error(trusted, &Failure::from(Refused::Cancelled));
        }
        let halfway = typed.get("halfway").map(|it| Sensitive(it.to_owned()));
        let entry = match (halfway.clone(), typed.get("account").map(str::parse)) {
            (Some(halfway), _) => Entry::Code { halfway, code: Sensitive(field("code")) },
            (None, Some(Ok(session))) => Entry::Account(session),
            (None, Some(Err(_)) | None) => Entry::Password {
                username: username.clone(),
                password: Sensitive(field("password")),
            },
        };
        let sign_in = &self.surface.sign_in;
        match (sign_in.entered(asker, trusted, &self.form, self.cookie(), entry).await, halfway) {
            (Ok(Onward::Done(done)), _) => self.done(trusted, done),
            (Ok(Onward::Code(halfway)), _) => {
                self.ask_code(trusted, StatusCode::OK, &halfway, None)
            }
            (
                Err(error @ Error::Refused(Refused::WrongCode | Refused::SlowedDown(_))),
                Some(halfway),
            ) => {
                let Failed { status, words } = error.into();
                self.ask_code(trusted, status, &halfway, Some(&words))
            }
            (Err(error), _) => {
                let Failed { status, words } = error.into();
                self.ask(trusted, status, &username, Some(&words))
            }
        }
    }

    fn ask(
        &self,
        trusted: &Trusted,
        status: StatusCode,
        username: &str,
        error: Option<&str>,
    ) -> Response {
        self.shown(trusted, status, error, |asking| sign_in_page::ask(asking, username))
    }

    fn ask_code(
        &self,
        trusted: &Trusted,
        status: StatusCode,
        halfway: &Sensitive,
        error: Option<&str>,
    ) -> Response {
        self.shown(trusted, status, error, |asking| sign_in_page::ask_code(asking, halfway))
    }

    fn shown(
        &self,
        trusted: &Trusted,
        status: StatusCode,
        error: Option<&str>,
        page: impl FnOnce(&Asking<'_>) -> Page,
    ) -> Response {
        let random = &*self.surface.sign_in.plane().random;
        let token = page::token(&self.head.headers, random);
        let page = page(&Asking {
            named: &trusted.named,
            action: &self.path("login", &self.form),
            redirect: &trusted.address.redirect,
            token: &token,
            error,
        });
        page::rendered(&page, status, &token, random)
    }

    fn path(&self, endpoint: &str, form: &Form) -> String {
        format!("/{}/{endpoint}?{}", encoded(self.tenant), form.query())
    }

    fn done(&self, trusted: &Trusted, done: Done) -> Response {
        let mut response = self.carry(trusted, vec![("code", done.code.0)]);
        if let Some(cookie) = done.cookie {
            keep_browser(&mut response, &cookie);
        }
        response
    }

    fn carry_error(&self, trusted: &Trusted, failure: &Failure) -> Response {
        let told = failure.told(self.surface.sign_in.plane(), self.correlation);
        let error = told.detail.unwrap_or(told.answer.error).to_owned();
        self.carry(trusted, vec![("error", error), ("error_description", told.description)])
    }

    fn carry(&self, trusted: &Trusted, fields: Vec<(&'static str, String)>) -> Response {
        let random = &*self.surface.sign_in.plane().random;
        let carried = carried(&trusted.address, fields);
        match (&carried, sign_in_page::carrying(&carried)) {
            (_, Some(page)) => {
                let token = page::token(&self.head.headers, random);
                page::rendered(&page, StatusCode::OK, &token, random)
            }
            (Carried::To(url) | Carried::Posting { url, .. }, None) => sent(url),
        }
    }
}

/// Sends the browser on, whatever method led here.
pub(crate) fn sent(url: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if let Ok(url) = HeaderValue::from_str(url) {
        headers.insert(header::LOCATION, url);
    }
    response
}

fn keep_browser(response: &mut Response, cookie: &str) {
    let kept = format!("{BROWSER}={cookie}; Path=/; Secure; HttpOnly; SameSite=Lax");
    if let Ok(kept) = HeaderValue::from_str(&kept) {
        response.headers_mut().append(header::SET_COOKIE, kept);
    }
}
