using System.ComponentModel.DataAnnotations;

namespace Advisor.Kernel.Caching;

/// <summary>Settings of the answer cache, section <c>Cache</c>.</summary>
public sealed class CacheOptions
{
    /// <summary>How long an answer may be given again. Default 15 minutes; 0 switches the cache off.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ErrorMessage = "Cache:Lifetime must be from 00:00:00 (off) to 1.00:00:00 (a day).")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Queries that reach into the last so many days are kept; older ones are asked too rarely. Default 30.</summary>
    [Range(1, 3650, ErrorMessage = "Cache:RecentDays must be from 1 to 3650.")]
    public int RecentDays { get; set; } = 30;

    /// <summary>Most memory that the answers of this process take, in bytes, where no shared cache is configured. Default 128 MB.</summary>
    [Range(1024 * 1024, 16L * 1024 * 1024 * 1024, ErrorMessage = "Cache:MaxBytes must be from 1048576 (1 MB) to 17179869184 (16 GB).")]
    public long MaxBytes { get; set; } = 128L * 1024 * 1024;
}
