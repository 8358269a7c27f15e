//! What a request makes of a listing's pictures and videos.

use std::collections::BTreeSet;

use model::market::{
    form::{Listing, Screenshot, Video},
    media::Picture,
};

use super::{Known, Resource, Said, Unfit, Why, unfit};
use crate::ingestion::read::{Asset, AssetRole, Media};

/// All of them, if any is named. Where none is, those go of which that is said.
pub(super) fn hang(
    listing: &mut Listing,
    resources: &[Resource],
    known: &Known,
) -> Result<(), Unfit> {
    let mut assets = Vec::new();
    let mut videos = Vec::new();
    for resource in resources {
        let picture = |digest: &String| {
            let found = known.pictures.get(digest).cloned();
            found.ok_or_else(|| unfit(resource, Why::UnknownPicture))
        };
        if let Said::Asset(asset) = &resource.said {
            assets.push((asset, picture(&asset.digest)?));
        } else if let Said::Trailer { name, url, thumbnail } = &resource.said {
            videos.push(Video {
                name: name.clone(),
                url: url.clone(),
                thumbnail: thumbnail.as_ref().map(picture).transpose()?,
            });
        }
    }
    if assets.is_empty() && videos.is_empty() {
        return take_down(listing, resources);
    }
    put(listing, assets);
    listing.videos = videos;
    Ok(())
}

fn put(listing: &mut Listing, mut assets: Vec<(&Asset, Picture)>) {
    assets.sort_by_key(|(asset, _)| asset.order);
    (listing.logo, listing.medium_logo, listing.small_logo) = (None, None, None);
    listing.screenshots.clear();
    for (asset, mut picture) in assets {
        if !asset.file.is_empty() {
            picture.file.clone_from(&asset.file);
        }
        match asset.role {
            AssetRole::LargeLogo => listing.logo = Some(picture),
            AssetRole::MediumLogo => listing.medium_logo = Some(picture),
            AssetRole::SmallLogo => listing.small_logo = Some(picture),
            AssetRole::Screenshot => {
                listing.screenshots.push(Screenshot { picture, caption: asset.caption.clone() });
            }
        }
    }
}

/// Takes those away that are said to be gone, by the numbers under which the draft shows them.
fn take_down(listing: &mut Listing, resources: &[Resource]) -> Result<(), Unfit> {
    let logos = [&listing.logo, &listing.medium_logo, &listing.small_logo];
    let logos = logos.into_iter().flatten().count();
    let (pictures, videos) = (logos + listing.screenshots.len(), listing.videos.len());
    let (mut gone_pictures, mut gone_videos) = (BTreeSet::new(), BTreeSet::new());
    for resource in resources {
        let Said::Gone(media, nth) = resource.said else { continue };
        let (gone, count) = match media {
            Media::Picture => (&mut gone_pictures, pictures),
            Media::Video => (&mut gone_videos, videos),
        };
        if nth >= count {
            return Err(unfit(resource, Why::NothingThere));
        }
        gone.insert(nth);
    }
    let mut nth = 0..;
    let mut stays = |gone: &BTreeSet<usize>| nth.next().is_some_and(|nth| !gone.contains(&nth));
    for logo in [&mut listing.logo, &mut listing.medium_logo, &mut listing.small_logo] {
        if logo.is_some() && !stays(&gone_pictures) {
            *logo = None;
        }
    }
    listing.screenshots.retain(|_| stays(&gone_pictures));
    let mut nth = 0..;
    listing.videos.retain(|_| nth.next().is_some_and(|nth| !gone_videos.contains(&nth)));
    Ok(())
}
