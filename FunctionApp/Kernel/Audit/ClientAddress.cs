using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Advisor.Kernel.Audit;

/// <summary>Whose word counts for a client's address, section <c>Http</c>.</summary>
public sealed class ForwardedForOptions
{
    /// <summary>
    /// Whether the last address of <c>X-Forwarded-For</c> is the client's. True only behind a proxy that always appends to it, as the ingress
    /// of Azure Container Apps does: elsewhere a client writes into it what it likes.
    /// </summary>
    public bool TrustForwardedFor { get; set; }
}

/// <summary>The address that a request came from.</summary>
public sealed class ClientAddress(IOptions<ForwardedForOptions> options)
{
    /// <summary>In its shortest form, IPv4 where it is one; null where the server knows none.</summary>
    public string? Of(HttpContext http)
    {
        var address = options.Value.TrustForwardedFor && Forwarded(http) is { } forwarded ? forwarded : http.Connection.RemoteIpAddress;
        return (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();
    }

    /// <summary>The last address: those before it are what the client sent.</summary>
    private static IPAddress? Forwarded(HttpContext http)
    {
        var last = http.Request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim();
        return IPEndPoint.TryParse(last, out var endPoint) ? endPoint.Address : null;
    }
}
