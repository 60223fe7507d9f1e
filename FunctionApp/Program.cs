namespace Advisor; internal static class AzureEntry { public static void Main() { } }
