namespace Advisor.Benchmarks; internal static class BenchmarksEntry { public static int Main(string[] args) => args.Length; }
