# RubyGems' own order: Gem::Version.
$stdin.each_line(chomp: true) do |line|
  a, b = line.split("\t", -1)
  puts(if !Gem::Version.correct?(a) then "!1"
       elsif !Gem::Version.correct?(b) then "!2"
       else "<=>"[(Gem::Version.new(a) <=> Gem::Version.new(b)) + 1]
       end)
end
