using Advisor.Azure;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;
using Azure.Core.Serialization;
using Azure.Identity;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Advisor;

/// <summary>Entry point on Azure. The embedded host has its own, so that the two never collide by name.</summary>
internal static class AzureEntry
{
    public static void Main(string[] args)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        KeyVaultSecrets.AddTo(builder.Configuration, new DefaultAzureCredential());
        builder.Services.Configure<WorkerOptions>(options => options.Serializer = new JsonObjectSerializer(AdvisorJson.Options));
        builder.Services.AddOptions<PrincipalOptions>().Bind(builder.Configuration.GetSection("Identity")).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ICallerAuthenticator, PrincipalHeaderAuthenticator>();
        builder.Services.AddAzurePorts(builder.Configuration);
        builder.Services.AddAdvisor(builder.Configuration);
        builder.UseAdvisor();
        builder.Build().Run();
    }
}
