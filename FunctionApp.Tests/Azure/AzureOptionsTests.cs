using Advisor.Azure;
using Advisor.Documents.Reading.Pages;
using Advisor.Kernel.Audit;
using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Telemetry;
using Advisor.Kernel.Telemetry.Health;
using Advisor.Kernel.Tenancy;
using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Moq;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Azure;

/// <summary>The registration of the adapters, and what stops the host at start.</summary>
public sealed class AzureOptionsTests
{
    private const string Https = "must be the https address of the service and nothing more";

    private static readonly Dictionary<string, string?> s_valid = new()
    {
        ["Cosmos:ServiceUri"] = "https://example.documents.azure.com:443/",
        ["Audit:ServiceUri"] = "https://example.table.core.windows.net/",
        ["Blobs:ServiceUri"] = "https://example.blob.core.windows.net/",
        ["AzureWebJobsServiceBus:fullyQualifiedNamespace"] = "example.servicebus.windows.net",
        ["DocumentIntelligence:ServiceUri"] = "https://example.cognitiveservices.azure.com/",
    };

    [Theory]
    [InlineData("Cosmos:ServiceUri", "http://example.documents.azure.com/", Https)]
    [InlineData("Cosmos:ServiceUri", "https://example.documents.azure.com/dbs/x", Https)]
    [InlineData("Cosmos:ServiceUri", "https://user:key@example.documents.azure.com/", Https)]
    [InlineData("Cosmos:ServiceUri", null, Https)]
    [InlineData("Cosmos:Database", "", "Cosmos:Database must name the database.")]
    [InlineData("Cosmos:ConnectionMode", "7", "Cosmos:ConnectionMode must be Direct or Gateway.")]
    [InlineData("Cosmos:MaxThrottleRetries", "10", "Cosmos:MaxThrottleRetries must be 0 to 9.")]
    [InlineData("Cosmos:MaxThrottleWait", "00:01:00", "Cosmos:MaxThrottleWait must be 00:00:00 to 00:00:30.")]
    [InlineData("Audit:ServiceUri", "http://example.table.core.windows.net/", Https)]
    [InlineData("Blobs:ServiceUri", "http://example.blob.core.windows.net/", Https)]
    [InlineData("Blobs:ServiceUri", "https://example.blob.core.windows.net/?sig=x", Https)]
    [InlineData("DocumentIntelligence:ServiceUri", "http://example.cognitiveservices.azure.com/", Https)]
    [InlineData("DocumentIntelligence:ServiceUri", "https://example.cognitiveservices.azure.com/formrecognizer", Https)]
    [InlineData("DocumentIntelligence:ServiceUri", "https://:key@example.cognitiveservices.azure.com/", Https)]
    [InlineData("Blobs:Downloads", "7", "Blobs:Downloads must be Stream or Redirect.")]
    [InlineData("Redis:Port", "0", "Redis:Port must be 1 to 65535.")]
    [InlineData("Redis:HostName", "example.redis.azure.net:10000,password=x", "Redis:HostName must be the host name of the cache and nothing more")]
    [InlineData("AzureWebJobsServiceBus:FullyQualifiedNamespace", "sb://example.servicebus.windows.net/", "must be the host name of the namespace and nothing more")]
    [InlineData("AzureWebJobsServiceBus:FullyQualifiedNamespace", "Endpoint=sb://example.servicebus.windows.net/;SharedAccessKey=x", "must be the host name of the namespace and nothing more")]
    [InlineData("AzureWebJobsServiceBus:FullyQualifiedNamespace", null, "must be the host name of the namespace and nothing more")]
    public async Task Validate_WrongValue_NamesTheSetting(string setting, string? value, string message)
    {
        await using var services = Services(setting, value);

        var fault = Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        fault.Message.ShouldContain(message);
        fault.Message.ShouldContain(setting);
    }

    [Fact]
    public async Task AddAzurePorts_ValidSettings_GivesThePortsWithoutAKey()
    {
        await using var services = Services();

        services.GetRequiredService<IStartupValidator>().Validate();
        services.GetRequiredService<TokenCredential>().ShouldBeOfType<DefaultAzureCredential>();
        services.GetRequiredService<IRecordStore>().ShouldBeOfType<CosmosRecordStore>();
        services.GetRequiredService<IBlobStore>().ShouldBeOfType<AzureBlobStore>();
        services.GetRequiredService<IMessageBus>().ShouldBeOfType<ServiceBusSenders>();
        services.GetRequiredService<IAuditLog>().ShouldBeOfType<AuditTable>();
        services.GetRequiredService<IPageRecognizer>().ShouldBeOfType<DocumentIntelligenceRecognizer>();
    }

    [Fact]
    public async Task AddAdvisor_DocumentIntelligence_ReadsScansBehindACircuitInPlaceOfThePrograms()
    {
        await using var services = Composed();

        services.GetRequiredService<IPageRecognizer>().ShouldBeOfType<ResilientPageRecognizer>();
        services.GetRequiredKeyedService<IPageRecognizer>(PortDecoration.Inner).ShouldBeOfType<DocumentIntelligenceRecognizer>();
        var probes = services.GetServices<IDependencyProbe>().Select(probe => probe.Name).ToList();
        probes.ShouldContain("page-reading");
        probes.ShouldNotContain("tesseract");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task AddAdvisor_NoDocumentIntelligence_ReadsScansWithTheProgramsOfTheMachine(string? address)
    {
        await using var services = Composed(("DocumentIntelligence:ServiceUri", address));

        services.GetRequiredService<IStartupValidator>().Validate();
        services.GetRequiredService<IPageRecognizer>().ShouldBeOfType<TesseractRecognizer>();
        var probes = services.GetServices<IDependencyProbe>().Select(probe => probe.Name).ToList();
        probes.ShouldContain("tesseract");
        probes.ShouldNotContain("page-reading");
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("Stream", false)]
    [InlineData("redirect", true)]
    public async Task AddAzurePorts_Downloads_GivesAddressesOnlyWhereTheyAreWanted(string? way, bool gives)
    {
        await using var services = Services("Blobs:Downloads", way);

        services.GetRequiredService<IStartupValidator>().Validate();
        (services.GetService<IBlobDownloads>() is BlobDownloads).ShouldBe(gives);
    }

    [Theory]
    [InlineData("", typeof(MemoryDistributedCache))]
    [InlineData("example.swedencentral.redis.azure.net", typeof(SharedCache))]
    public void AddAdvisor_CacheOfAnswers_IsSharedWhereThereIsOne(string host, Type expected)
    {
        using var product = Product(("Redis:HostName", host));

        product.Services.GetRequiredService<IDistributedCache>().ShouldBeOfType(expected);
    }

    [Fact]
    public void AddAdvisor_DownloadAddresses_AreAskedForThroughTheDependencyOfTheBlobs()
    {
        using var host = Product(("Blobs:Downloads", "Redirect"));

        host.Services.GetRequiredKeyedService<IBlobDownloads>(PortDecoration.Inner).ShouldBeOfType<BlobDownloads>();
        host.Services.GetRequiredService<IBlobDownloads>().ShouldBeOfType<ResilientBlobDownloads>();
    }

    [Fact]
    public void AddAdvisor_OnAzure_WrapsThePortsThatAzureGives()
    {
        using var host = Product();

        host.Services.GetRequiredKeyedService<IBlobStore>(PortDecoration.Inner).ShouldBeOfType<AzureBlobStore>();
        host.Services.GetRequiredKeyedService<IMessageBus>(PortDecoration.Inner).ShouldBeOfType<ServiceBusSenders>();
        host.Services.GetRequiredKeyedService<IAuditLog>(PortDecoration.Inner).ShouldBeOfType<AuditTable>();
        host.Services.GetRequiredService<IRecordStore>().ShouldNotBeOfType<CosmosRecordStore>();
    }

    [Fact]
    public async Task AddAdvisor_AzureOpenAiWithoutAKey_SignsInAsTheOtherClientsDo()
    {
        var identity = new NoIdentity();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(s_valid).AddInMemoryCollection([new("AzureOpenAI:Endpoint", "https://example.openai.azure.com/")]).Build();
        await using var services = new ServiceCollection().AddLogging().AddSingleton<TokenCredential>(identity)
            .AddAzurePorts(configuration).AddAdvisor(configuration).BuildServiceProvider();

        var fault = await Should.ThrowAsync<ModelException>(services.GetRequiredService<ILanguageModel>().ProbeAsync(TestContext.Current.CancellationToken));
        fault.Message.ShouldStartWith("No token was given for Azure OpenAI.");
        identity.Scopes.ShouldBe(["https://cognitiveservices.azure.com/.default"]);
    }

    /// <summary>The product over the adapters, with a credential that has no token.</summary>
    internal static ServiceProvider Composed(params (string Name, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(s_valid)
            .AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value))).Build();
        return new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddSingleton<TokenCredential>(new NoIdentity())
            .AddSingleton(new Mock<IHostApplicationLifetime>().Object).AddAzurePorts(configuration).AddAdvisor(configuration).BuildServiceProvider();
    }

    /// <summary>The whole product on Azure's ports, built as the Functions host builds it and not started.</summary>
    private static IHost Product(params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(s_valid).AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value)));
        builder.ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true }));
        builder.Services.AddLogging();
        builder.Services.AddOptions<PrincipalOptions>();
        builder.Services.AddSingleton<ICallerAuthenticator, PrincipalHeaderAuthenticator>();
        builder.Services.AddAzurePorts(builder.Configuration).AddAdvisor(builder.Configuration);
        return builder.Build();
    }

    private static ServiceProvider Services(string? setting = null, string? value = null)
    {
        var settings = new Dictionary<string, string?>(s_valid, StringComparer.OrdinalIgnoreCase);
        if (setting is not null)
        {
            settings[setting] = value;
        }

        return new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(_ => new AdvisorMetrics(new FunctionTriggers(typeof(Composition).Assembly)))
            .AddAzurePorts(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .BuildServiceProvider();
    }

    /// <summary>Has no token, so that nothing is sent, and keeps what it was asked for.</summary>
    private sealed class NoIdentity : TokenCredential
    {
        public List<string> Scopes { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.AddRange(requestContext.Scopes);
            throw new CredentialUnavailableException("nobody");
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
