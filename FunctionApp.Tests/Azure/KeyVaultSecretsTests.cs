using System.Net;
using System.Net.Http.Json;
using Advisor.Azure;
using Advisor.Kernel.Resilience;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Azure;

/// <summary>The real client over a transport that answers as a vault does.</summary>
public sealed class KeyVaultSecretsTests : IDisposable
{
    private const string Address = "https://example.vault.azure.net/";

    private readonly Vault _vault = new();

    public void Dispose() => _vault.Dispose();

    [Fact]
    public void AddTo_Vault_GivesItsSecretsAboveOtherSettings()
    {
        _vault.Secrets["Notifications--Smtp--Password"] = ("from the vault", true);
        _vault.Secrets["Notifications--Webhook--Secret"] = ("shared", true);

        var configuration = Configured(("Notifications:Smtp:Password", "from the environment"));
        configuration["Notifications:Smtp:Password"].ShouldBe("from the vault");
        configuration["notifications:webhook:secret"].ShouldBe("shared");
        _vault.Authorizations.ShouldContain("Bearer token");
    }

    [Theory]
    [InlineData("Identity--TrustPrincipalHeader", true)]
    [InlineData("Cosmos--ServiceUri", true)]
    [InlineData("Notifications--Smtp--Password", false)]
    public void AddTo_NoSecretByItsNameOrDisabled_IsNotAsked(string name, bool enabled)
    {
        _vault.Secrets[name] = ("x", enabled);

        Configured()[name.Replace("--", ":", StringComparison.Ordinal)].ShouldBeNull();
        _vault.Asked.ShouldBe(["/secrets"]);
    }

    [Fact]
    public void AddTo_ExpiredSecret_IsLeftOut()
    {
        _vault.Secrets["Notifications--Smtp--Password"] = ("x", true);
        _vault.ExpiresAt = DateTimeOffset.UtcNow.AddMinutes(-1);

        Configured()["Notifications:Smtp:Password"].ShouldBeNull();
    }

    [Fact]
    public void AddTo_NoVaultNamed_AsksNobody()
    {
        var configuration = new ConfigurationManager();
        KeyVaultSecrets.AddTo(configuration, new GivenToken(), Options());

        _vault.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://example.vault.azure.net/")]
    [InlineData("example")]
    public void AddTo_NoAddressOfAVault_NamesTheSetting(string address)
    {
        var configuration = new ConfigurationManager { ["KeyVault:ServiceUri"] = address };

        Should.Throw<InvalidOperationException>(() => KeyVaultSecrets.AddTo(configuration, new GivenToken(), Options()))
            .Message.ShouldStartWith("KeyVault:ServiceUri must be the https address");
    }

    [Fact]
    public void AddTo_Forbidden_StopsTheStart()
    {
        _vault.Fails = HttpStatusCode.Forbidden;

        Should.Throw<UnauthorizedAccessException>(() => Configured()).Message.ShouldStartWith("Key Vault does not let the app's identity in (403");
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public void AddTo_VaultInTrouble_StopsTheStart(HttpStatusCode status)
    {
        _vault.Fails = status;

        Should.Throw<AzureServiceException>(() => Configured()).Status.ShouldBe((int)status);
    }

    /// <summary>A vault whose name resolves to nothing, or behind a network that lets nobody through.</summary>
    [Fact]
    public void AddTo_NoAnswer_StopsTheStart()
    {
        _vault.Breaks = true;

        TransientFaults.Is(Should.Throw<IOException>(() => Configured())).ShouldBeTrue();
    }

    private ConfigurationManager Configured(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationManager { ["KeyVault:ServiceUri"] = Address };
        foreach (var (key, value) in settings)
        {
            configuration[key] = value;
        }

        KeyVaultSecrets.AddTo(configuration, new GivenToken(), Options());
        return configuration;
    }

    private SecretClientOptions Options() => new() { Transport = new HttpClientTransport(new HttpClient(_vault, disposeHandler: false)), Retry = { MaxRetries = 0 } };

    private sealed class Vault : HttpMessageHandler
    {
        public Dictionary<string, (string Value, bool Enabled)> Secrets { get; } = [];

        public DateTimeOffset? ExpiresAt { get; set; }

        public HttpStatusCode? Fails { get; set; }

        public bool Breaks { get; set; }

        public List<string> Asked { get; } = [];

        public List<string?> Authorizations { get; } = [];

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Breaks)
            {
                throw new HttpRequestException("No route to the vault.");
            }

            if (request.Headers.Authorization is not { } authorization)
            {
                var challenge = new HttpResponseMessage(HttpStatusCode.Unauthorized);
                challenge.Headers.TryAddWithoutValidation("WWW-Authenticate", "Bearer authorization=\"https://login.microsoftonline.com/example\", resource=\"https://vault.azure.net\"");
                return challenge;
            }

            Authorizations.Add(authorization.ToString());
            var path = request.RequestUri!.AbsolutePath.TrimEnd('/');
            Asked.Add(path);
            if (Fails is { } status)
            {
                return new HttpResponseMessage(status) { Content = JsonContent.Create(new { error = new { code = "Scripted", message = "as the test asked" } }) };
            }

            return path == "/secrets"
                ? Answer(new { value = Secrets.Select(secret => Described(secret.Key, secret.Value.Enabled)) })
                : Answer(new { value = Secrets[path.Split('/')[2]].Value, id = $"{Address}{path[1..]}/1", attributes = new { enabled = true } });
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));

        private object Described(string name, bool enabled) =>
            new { id = $"{Address}secrets/{name}", attributes = new Dictionary<string, object?> { ["enabled"] = enabled, ["exp"] = (ExpiresAt ?? DateTimeOffset.UtcNow.AddDays(1)).ToUnixTimeSeconds() } };

        private static HttpResponseMessage Answer(object content) => new(HttpStatusCode.OK) { Content = JsonContent.Create(content) };
    }
}
