using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Advisor.Embedded;

/// <summary>Where the host logs: all that host.json's <c>logging.logLevel</c> lets through to a file, warnings and worse to standard error.</summary>
internal static class HostLogging
{
    public static void Add(ILoggingBuilder logging, IConfiguration configuration, AdvisorHostOptions options)
    {
        var section = configuration.GetSection($"{HostSettings.Section}:logging");
        logging.AddConfiguration(section);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.Services.AddSingleton<ILoggerProvider>(_ => new FileLoggerProvider(Path.Combine(options.DataFolder, "logs", "advisor.log"), options.TimeProvider));
        if (!options.LogToConsole)
        {
            return;
        }

        logging.AddSimpleConsole(console => console.SingleLine = true);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (!section.GetSection("console:logLevel").Exists())
        {
            logging.AddFilter<ConsoleLoggerProvider>(level => level >= LogLevel.Warning);
        }
    }
}
