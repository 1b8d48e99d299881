// NuGet's own order: NuGetVersion, out of nuget.exe, which the first argument names.
using System;
using System.Reflection;

class Peer {
    static void Main(string[] arguments) {
        var type = Assembly.LoadFrom(arguments[0]).GetType("NuGet.Versioning.NuGetVersion");
        var parse = type.GetMethod("TryParse", BindingFlags.Public | BindingFlags.Static);
        for (string line; (line = Console.ReadLine()) != null; ) {
            var pair = line.Split('\t');
            var versions = new IComparable[2];
            var answer = "";
            for (var at = 0; at < 2 && answer == ""; at++) {
                var call = new object[] { pair[at], null };
                if ((bool) parse.Invoke(null, call)) {
                    versions[at] = (IComparable) call[1];
                } else {
                    answer = "!" + (at + 1);
                }
            }
            Console.WriteLine(answer == "" ? "<=>"[Math.Sign(versions[0].CompareTo(versions[1])) + 1].ToString() : answer);
        }
    }
}
