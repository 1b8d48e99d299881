use std::io::Read as _;

fn main() -> std::io::Result<()> {
    let mut table = String::new();
    std::io::stdin().take(1 << 20).read_to_string(&mut table)?;
    match tides::high_water(&table) {
        Some(high) => println!("{:02}:{:02} {} cm", high.minute / 60, high.minute % 60, high.centimetres),
        None => println!("no height in this table"),
    }
    Ok(())
}
