//! garant
fn main(){}
