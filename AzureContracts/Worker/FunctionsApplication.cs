using Azure.Core.Serialization;
using AzureContracts;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Azure.Functions.Worker
{
    /// <summary>Settings of the worker process.</summary>
    public class WorkerOptions
    {
        /// <summary>Serializer of bindings and durable values; null means the package's default.</summary>
        public ObjectSerializer? Serializer { get; set; }
    }
}

namespace Microsoft.Azure.Functions.Worker.Builder
{
    /// <summary>Begins a worker that the Functions host drives.</summary>
    public class FunctionsApplication
    {
        /// <exception cref="NotSupportedException">Always: the Functions host speaks to the real package only.</exception>
        public static FunctionsApplicationBuilder CreateBuilder(string[] args) =>
            throw RealPackage.Needed("FunctionsApplication.CreateBuilder", "Worker");
    }

    /// <summary>Builds a worker that the Functions host drives.</summary>
    public class FunctionsApplicationBuilder : IFunctionsWorkerApplicationBuilder
    {
        internal FunctionsApplicationBuilder()
        {
        }

        public ConfigurationManager Configuration => throw RealPackage.Needed("FunctionsApplicationBuilder.Configuration", "Worker");

        public IServiceCollection Services => throw RealPackage.Needed("FunctionsApplicationBuilder.Services", "Worker");

        public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware) =>
            throw RealPackage.Needed("FunctionsApplicationBuilder.Use", "Worker");

        public IHost Build() => throw RealPackage.Needed("FunctionsApplicationBuilder.Build", "Worker");
    }

    /// <summary>ASP.NET Core integration of the HTTP trigger.</summary>
    public static class FunctionsApplicationBuilderAspNetCoreExtensions
    {
        /// <exception cref="NotSupportedException">Always: only the real package can do it.</exception>
        public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder) =>
            throw RealPackage.Needed("ConfigureFunctionsWebApplication", "Worker");
    }
}
