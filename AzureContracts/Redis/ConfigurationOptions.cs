using System.Collections.ObjectModel;
using System.Net;
using Azure.Core;

namespace StackExchange.Redis;

/// <summary>How a connection to Redis is made.</summary>
public sealed class ConfigurationOptions : ICloneable
{
    public EndPointCollection EndPoints { get; init; } = [];

    /// <summary>Whether the connection is encrypted.</summary>
    public bool Ssl { get; set; }

    /// <summary>Whether a server that does not answer fails the connecting; otherwise it goes on in the background.</summary>
    public bool AbortOnConnectFail { get; set; } = true;

    /// <summary>Milliseconds.</summary>
    public int ConnectTimeout { get; set; } = 5000;

    /// <summary>Milliseconds.</summary>
    public int AsyncTimeout { get; set; } = 5000;

    object ICloneable.Clone() => MemberwiseClone();
}

/// <summary>The servers to connect to.</summary>
public sealed class EndPointCollection : Collection<EndPoint>
{
    public void Add(string host, int port) => Add(new DnsEndPoint(host, port));
}

/// <summary>Signing in to Redis with an identity instead of a key.</summary>
public static class AzureCacheForRedis
{
    public static Task<ConfigurationOptions> ConfigureForAzureWithTokenCredentialAsync(this ConfigurationOptions configurationOptions, TokenCredential tokenCredential) =>
        throw AzureContracts.RealPackage.Needed("AzureCacheForRedis.ConfigureForAzureWithTokenCredentialAsync", "Redis");
}
