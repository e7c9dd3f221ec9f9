//! The screens on which the book must look right.

pub struct Screen {
    pub name: &'static str,
    pub width: u32,
    pub height: u32,
    pub is_phone: bool,
}

pub const SCREENS: [Screen; 3] = [
    Screen { name: "desktop", width: 1280, height: 900, is_phone: false },
    Screen { name: "phone", width: 390, height: 844, is_phone: true },
    Screen { name: "narrow", width: 360, height: 740, is_phone: true },
];

/// mdBook's names for the themes in which it must.
pub const LIGHT: &str = "light";
pub const DARK: &str = "navy";
