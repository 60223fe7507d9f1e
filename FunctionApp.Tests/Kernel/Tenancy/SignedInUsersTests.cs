using Advisor.Embedded.Storage;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Embedded;
using Advisor.Tests.Embedded.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Tenancy;

public sealed class SignedInUsersTests : UserDirectoryContract, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteRecordStore _records;

    public SignedInUsersTests()
    {
        _database = new SqliteDatabase(_folder.File("records.db"), "");
        _records = new SqliteRecordStore(_database);
        Users = new SignedInUsers(_records, Clock, NullLogger<SignedInUsers>.Instance);
    }

    protected override IUserDirectory Users { get; }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task NoteAsync_SameUserAgain_WritesOnceADay()
    {
        await Users.NoteAsync(Eve, Cancellation);
        var first = await ETagAsync();
        Clock.Advance(TimeSpan.FromHours(2));
        await Users.NoteAsync(Eve, Cancellation);
        await new SignedInUsers(_records, Clock, NullLogger<SignedInUsers>.Instance).NoteAsync(Eve, Cancellation);
        (await ETagAsync()).ShouldBe(first, "neither this process nor another writes again on the same day");

        Clock.Advance(TimeSpan.FromDays(1));
        await Users.NoteAsync(Eve, Cancellation);
        (await ETagAsync()).ShouldNotBe(first);
    }

    [Fact]
    public async Task NoteAsync_OtherRolesOrAddress_AreKnownAtOnce()
    {
        await Users.NoteAsync(Eve, Cancellation);
        await Users.NoteAsync(Eve with { Roles = [Role.Reviewer] }, Cancellation);
        (await Users.WithRoleAsync(Acme, Role.Reviewer, Cancellation)).Count.ShouldBe(1);

        await Users.NoteAsync(Eve with { Email = "eve.smith@acme.example" }, Cancellation);
        (await Users.FindByEmailAsync(Acme, "eve.smith@acme.example", Cancellation)).ShouldNotBeNull();
        (await Users.FindByEmailAsync(Acme, Eve.Email, Cancellation)).ShouldBeNull();
    }

    protected override Task IntroduceAsync(Caller user) => Users.NoteAsync(user, Cancellation).AsTask();

    private async Task<string> ETagAsync() =>
        (await _records.QueryAsync(SignedInUser.Container, Acme, new RecordQuery([]), Cancellation)).Items.ShouldHaveSingleItem().ETag;
}
