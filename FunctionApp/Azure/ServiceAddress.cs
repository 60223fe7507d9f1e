namespace Advisor.Azure;

/// <summary>What holds for the address of every service.</summary>
internal static class ServiceAddress
{
    /// <summary>What is wrong with the address, as a sentence; null when nothing is.</summary>
    /// <remarks>Credentials in an address would end up in logs; a path or a query belongs to a resource, not to the service.</remarks>
    public static string? Fault(string setting, Uri? address, string example) =>
        address is { IsAbsoluteUri: true, AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" } && address.Scheme == Uri.UriSchemeHttps
            ? null
            : $"{setting} must be the https address of the service and nothing more, such as {example}";
}
