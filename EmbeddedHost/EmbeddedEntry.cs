namespace Advisor.Embedded; internal static class EmbeddedEntry { public static int Main(string[] args) => args.Length; }
