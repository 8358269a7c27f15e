//! What each row of the table does: reads the body, calls one operation, renders.

pub(crate) mod applications;
pub(crate) mod authentication;
pub(crate) mod credentials;
pub(crate) mod groups;
pub(crate) mod objects;
pub(crate) mod organization;
pub(crate) mod owners;
pub(crate) mod roles;
pub(crate) mod service_principals;
pub(crate) mod users;
