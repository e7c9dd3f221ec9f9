//! Law 4: the last step is the product. What `final` has beyond it is listed, with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use book::build::root;
use quote::ToTokens;
use serde::Deserialize;
use syn::{Attribute, ImplItem, Item, TraitItem, Visibility};

#[derive(Deserialize)]
struct List {
    beyond: Vec<Beyond>,
}

#[derive(Deserialize)]
struct Beyond {
    file: String,
    /// None are the whole file.
    #[serde(default)]
    items: Vec<String>,
    why: String,
}

/// An item's file and name, and its text without comments, attributes and visibility.
type Items = BTreeMap<(String, String), String>;

#[test]
fn what_final_has_beyond_the_last_step_is_listed() {
    let workspace = root().join("..");
    let product = items(&workspace.join("final"));
    let step = items(&last_step(&workspace.join("steps")));
    let names: BTreeSet<&(String, String)> = product.keys().chain(step.keys()).collect();
    let differs = |name: &&&(String, String)| product.get(*name) != step.get(*name);
    let differ: BTreeSet<(String, String)> =
        names.iter().filter(differs).map(|name| (*name).clone()).collect();

    let text = fs::read_to_string(workspace.join("final/beyond.toml")).expect("a list");
    let list: List = toml::from_str(&text).expect("a list");
    let mut listed = BTreeSet::new();
    for Beyond { file, items, why } in list.beyond {
        assert!(why.ends_with('.'), "{file}: {why:?} is no sentence");
        let of_file = differ.iter().filter(|(own, _)| *own == file);
        match items.is_empty() {
            true => listed.extend(of_file.cloned()),
            false => listed.extend(items.into_iter().map(|item| (file.clone(), item))),
        }
    }
    let missing: Vec<_> = differ.difference(&listed).collect();
    assert!(missing.is_empty(), "not in final/beyond.toml: {missing:#?}");
    let in_vain: Vec<_> = listed.difference(&differ).collect();
    assert!(
        in_vain.is_empty(),
        "in final/beyond.toml, and the same as in the step: {in_vain:#?}"
    );
}

fn last_step(steps: &Path) -> PathBuf {
    let folders = fs::read_dir(steps).expect("there are steps");
    let folders = folders.map(|entry| entry.expect("a folder").path());
    folders.max().expect("there are steps")
}

fn items(package: &Path) -> Items {
    let mut items = Items::new();
    let mut folders = vec![package.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("an entry").path();
            let is_test =
                path.file_stem().is_some_and(|it| it == "tests" || it == "properties");
            if path.is_dir() {
                folders.push(path);
            } else if !is_test {
                let file = path.strip_prefix(package).expect("it is in it").display();
                let text = fs::read_to_string(&path).expect("it is text");
                let parsed = syn::parse_file(&text).expect("it is Rust");
                read(&file.to_string(), parsed.items, &mut items);
            }
        }
    }
    items
}

fn read(file: &str, parsed: Vec<Item>, items: &mut Items) {
    for mut item in parsed {
        if let Item::Use(_) | Item::Mod(_) = &item {
            continue;
        }
        plain(&mut item);
        let (name, text) = match item {
            Item::Impl(mut block) => {
                let members = std::mem::take(&mut block.items);
                let of = block.self_ty.to_token_stream().to_string().replace(' ', "");
                let of = of.split('<').next().unwrap_or_default().to_string();
                let of = match &block.trait_ {
                    None => of,
                    Some((path, _)) => {
                        let name = path.segments.last().expect("a trait has a name");
                        format!("{} for {of}", name.ident)
                    }
                };
                for member in members {
                    let name = match &member {
                        ImplItem::Fn(own) => own.sig.ident.to_string(),
                        ImplItem::Const(own) => own.ident.to_string(),
                        ImplItem::Type(own) => own.ident.to_string(),
                        _ => panic!("{file}: an unknown member of {of}"),
                    };
                    let text = member.to_token_stream().to_string();
                    items.insert((file.into(), format!("{of}::{name}")), text);
                }
                (format!("impl {of}"), block.to_token_stream().to_string())
            }
            Item::Fn(own) => {
                (own.sig.ident.to_string(), own.to_token_stream().to_string())
            }
            Item::Const(own) => {
                (own.ident.to_string(), own.to_token_stream().to_string())
            }
            Item::Static(own) => {
                (own.ident.to_string(), own.to_token_stream().to_string())
            }
            Item::Struct(own) => {
                (own.ident.to_string(), own.to_token_stream().to_string())
            }
            Item::Enum(own) => (own.ident.to_string(), own.to_token_stream().to_string()),
            Item::Trait(own) => {
                (own.ident.to_string(), own.to_token_stream().to_string())
            }
            Item::Type(own) => (own.ident.to_string(), own.to_token_stream().to_string()),
            Item::Macro(own) => {
                let name =
                    own.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                (name, own.to_token_stream().to_string())
            }
            other => panic!("{file}: an unknown item {}", other.to_token_stream()),
        };
        // A comma that rustfmt puts behind the last of several lines says nothing.
        items.insert((file.into(), name), text.replace(", }", "}").replace(" }", "}"));
    }
}

/// Takes away what isn't compared.
fn plain(item: &mut Item) {
    let bare = |attributes: &mut Vec<Attribute>, visibility: Option<&mut Visibility>| {
        attributes
            .retain(|it| !it.path().is_ident("doc") && !it.path().is_ident("allow"));
        if let Some(visibility) = visibility {
            *visibility = Visibility::Inherited;
        }
    };
    match item {
        Item::Fn(own) => bare(&mut own.attrs, Some(&mut own.vis)),
        Item::Const(own) => bare(&mut own.attrs, Some(&mut own.vis)),
        Item::Static(own) => bare(&mut own.attrs, Some(&mut own.vis)),
        Item::Type(own) => bare(&mut own.attrs, Some(&mut own.vis)),
        Item::Macro(own) => bare(&mut own.attrs, None),
        Item::Struct(own) => {
            bare(&mut own.attrs, Some(&mut own.vis));
            for field in &mut own.fields {
                bare(&mut field.attrs, Some(&mut field.vis));
            }
        }
        Item::Enum(own) => {
            bare(&mut own.attrs, Some(&mut own.vis));
            for variant in &mut own.variants {
                bare(&mut variant.attrs, None);
                variant.fields.iter_mut().for_each(|field| bare(&mut field.attrs, None));
            }
        }
        Item::Trait(own) => {
            bare(&mut own.attrs, Some(&mut own.vis));
            for member in &mut own.items {
                match member {
                    TraitItem::Fn(own) => bare(&mut own.attrs, None),
                    TraitItem::Type(own) => bare(&mut own.attrs, None),
                    _ => {}
                }
            }
        }
        Item::Impl(own) => {
            bare(&mut own.attrs, None);
            for member in &mut own.items {
                match member {
                    ImplItem::Fn(own) => bare(&mut own.attrs, Some(&mut own.vis)),
                    ImplItem::Const(own) => bare(&mut own.attrs, Some(&mut own.vis)),
                    ImplItem::Type(own) => bare(&mut own.attrs, Some(&mut own.vis)),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}
