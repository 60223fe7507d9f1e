using Advisor.Azure;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;
using Azure.Core.Serialization;
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
        builder.Services.Configure<WorkerOptions>(options => options.Serializer = new JsonObjectSerializer(AdvisorJson.Options));
        builder.Services.AddOptions<PrincipalOptions>().Bind(builder.Configuration.GetSection("Identity")).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ICallerAuthenticator, PrincipalHeaderAuthenticator>();
        builder.Services.AddAdvisor(builder.Configuration);
        builder.UseAdvisor();
        builder.Build().Run();
    }
}
