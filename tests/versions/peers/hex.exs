# Hex's own order: Elixir's Version.
for line <- IO.stream(:stdio, :line) do
  [a, b] = line |> String.trim_trailing("\n") |> String.split("\t")

  case {Version.parse(a), Version.parse(b)} do
    {:error, _} -> "!1"
    {_, :error} -> "!2"
    {{:ok, a}, {:ok, b}} -> Map.fetch!(%{lt: "<", eq: "=", gt: ">"}, Version.compare(a, b))
  end
  |> IO.puts()
end
