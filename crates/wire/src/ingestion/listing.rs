//! The listing: its words, pictures and videos.

use model::market::{
    account::Person,
    form::{Link, Listing},
    media::Picture,
};
use serde_json::{Value, json};

use super::{
    Kind,
    read::{Asset, AssetRole, ListingTexts, Said, text_or_none, texts as text},
    tree::Tree,
};
use crate::arm::content::{BadContent, Field, Fields};

/// The word of every language but that of the plan is not known.
const ENGLISH: &str = "en-us";

pub(super) fn texts(it: &Fields<'_>) -> Result<ListingTexts, BadContent> {
    let links = it.find("generalLinks").map(|field| field.each(link)).transpose()?;
    Ok(ListingTexts {
        language: text(it, "languageId")?.unwrap_or_else(|| ENGLISH.to_owned()),
        title: text_or_none(it, "title")?,
        summary: text_or_none(it, "searchResultSummary")?,
        short_description: text_or_none(it, "shortDescription")?,
        description: text_or_none(it, "description")?,
        privacy_policy: text_or_none(it, "privacyPolicyLink")?,
        links: links.unwrap_or_default(),
        support: person(it.find("supportContact"))?,
        engineering: person(it.find("engineeringContact"))?,
        support_global: text(it, "globalSupportWebsite")?,
        support_government: text(it, "governmentSupportWebsite")?,
    })
}

fn link(field: Field<'_>) -> Result<Link, BadContent> {
    let it = field.fields()?;
    Ok(Link { name: text_or_none(&it, "displayText")?, url: text_or_none(&it, "link")? })
}

fn person(field: Option<Field<'_>>) -> Result<Person, BadContent> {
    let Some(field) = field else { return Ok(Person::default()) };
    let it = field.fields()?;
    Ok(Person {
        name: text_or_none(&it, "name")?,
        email: text_or_none(&it, "email")?,
        phone: text_or_none(&it, "phone")?,
    })
}

pub(super) fn asset(it: &Fields<'_>) -> Result<Asset, BadContent> {
    let kind = it.get("type")?;
    let role = AssetRole::named(kind.text()?);
    let refused = || kind.refused("must be a logo (Small, Medium, Large) or a screenshot");
    let url = it.get("url")?;
    Ok(Asset {
        role: role.ok_or_else(refused)?,
        order: it.find("displayOrder").map(|it| it.number()).transpose()?.unwrap_or_default(),
        caption: text_or_none(it, "description")?,
        file: text_or_none(it, "fileName")?,
        digest: digest(&url)?,
    })
}

/// Pictures are uploaded before they are named.
fn digest(url: &Field<'_>) -> Result<String, BadContent> {
    let last = url.text()?.rsplit('/').next().unwrap_or_default();
    let is_digest = last.len() == 64 && last.bytes().all(|b| b.is_ascii_hexdigit());
    let refused = || url.refused("must be the address that the upload of a picture answered");
    if is_digest { Ok(last.to_ascii_lowercase()) } else { Err(refused()) }
}

pub(super) fn trailer(it: &Fields<'_>) -> Result<Said, BadContent> {
    let words = it.find("assets").map(Field::fields).transpose()?;
    let words = words.as_ref().and_then(|all| all.find(ENGLISH)).map(Field::fields).transpose()?;
    let (mut name, mut thumbnail) = (String::new(), None);
    if let Some(words) = words {
        name = text_or_none(&words, "title")?;
        if let Some(first) = words.find("imageList").map(|it| it.items()).transpose()? {
            let first = first.into_iter().next().map(Field::fields).transpose()?;
            thumbnail = first.map(|it| digest(&it.get("url")?)).transpose()?;
        }
    }
    Ok(Said::Trailer { name, url: text_or_none(it, "streamingUrl")?, thumbnail })
}

impl AssetRole {
    const ALL: [(Self, &'static str); 4] = [
        (Self::LargeLogo, "azureLogoLarge"),
        (Self::MediumLogo, "azureLogoMedium"),
        (Self::SmallLogo, "azureLogoSmall"),
        (Self::Screenshot, "azureLogoScreenshot"),
    ];

    fn named(text: &str) -> Option<Self> {
        let short = |name: &str| name.trim_start_matches("azureLogo").eq_ignore_ascii_case(text);
        let is = |(_, name): &&(Self, &str)| name.eq_ignore_ascii_case(text) || short(name);
        Self::ALL.iter().find(is).map(|(role, _)| *role)
    }

    fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(role, _)| *role == self).map_or("", |(_, name)| name)
    }
}

impl Tree<'_> {
    /// The words of the listing.
    pub(super) fn listing(&self, it: &Listing) -> Value {
        let links = it.links.iter().map(|it| json!({ "displayText": it.name, "link": it.url }));
        self.resource(
            Kind::Listing,
            Some("main".to_owned()),
            json!({
                "kind": "azure",
                "languageId": it.language,
                "title": it.title,
                "description": it.description,
                "searchResultSummary": it.summary,
                "shortDescription": it.short_description,
                "privacyPolicyLink": it.privacy_policy,
                "generalLinks": links.collect::<Vec<_>>(),
                "supportContact": contact(&it.support),
                "engineeringContact": contact(&it.engineering),
                "globalSupportWebsite": it.support_global,
                "governmentSupportWebsite": it.support_government,
            }),
        )
    }

    /// The pictures, then the videos.
    pub fn media(&self, it: &Listing) -> Vec<Value> {
        let logos = [
            (AssetRole::LargeLogo, &it.logo),
            (AssetRole::MediumLogo, &it.medium_logo),
            (AssetRole::SmallLogo, &it.small_logo),
        ];
        let logos = logos.into_iter().filter_map(|(role, it)| Some((role, it.as_ref()?, "")));
        let screenshots = it.screenshots.iter();
        let screenshots =
            screenshots.map(|it| (AssetRole::Screenshot, &it.picture, it.caption.as_str()));
        let pictures = logos.chain(screenshots).enumerate().map(|(n, (role, picture, caption))| {
            self.resource(
                Kind::ListingAsset,
                Some(n.to_string()),
                json!({
                    "kind": "azure",
                    "languageId": it.language,
                    "type": role.as_str(),
                    "displayOrder": n,
                    "fileName": picture.file,
                    "description": caption,
                    "url": self.address(picture),
                }),
            )
        });
        let videos = it.videos.iter().enumerate().map(|(n, video)| {
            let image = |picture: &Picture| json!({ "url": self.address(picture) });
            let images: Vec<Value> = video.thumbnail.iter().map(image).collect();
            self.resource(
                Kind::ListingTrailer,
                Some(n.to_string()),
                json!({
                    "kind": "azure",
                    "streamingUrl": video.url,
                    "assets": { ENGLISH: { "title": video.name, "imageList": images } },
                }),
            )
        });
        pictures.chain(videos).collect()
    }
}

fn contact(it: &Person) -> Value {
    json!({ "name": it.name, "email": it.email, "phone": it.phone })
}
