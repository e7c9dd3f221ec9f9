pub fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

pub fn is_target_byte(byte: u8) -> bool {
    byte.is_ascii_graphic()
}
