using Advisor.Embedded.Storage;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Embedded;
using Advisor.Tests.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Tenancy;

public sealed class SignedInUsersTests : IAsyncDisposable
{
    private static readonly TenantId Acme = new("acme");
    private static readonly Caller Eve = new(Acme, "aad/eve", "Eve@acme.example", [Role.Analyst]);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteRecordStore _records;
    private readonly SignedInUsers _users;

    public SignedInUsersTests()
    {
        _database = new SqliteDatabase(_folder.File("records.db"), "");
        _records = new SqliteRecordStore(_database);
        _users = new SignedInUsers(_records, _clock);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task FindByEmailAsync_UserWhoSignedIn_IsFoundWhateverTheCaseInTheirOwnTenant()
    {
        await _users.NoteAsync(Eve, Cancellation);

        var found = (await _users.FindByEmailAsync(Acme, "eve@ACME.example", Cancellation)).ShouldNotBeNull();
        (found.UserId, found.Email).ShouldBe((Eve.UserId, Eve.Email));
        (await _users.FindByEmailAsync(new TenantId("other"), Eve.Email, Cancellation)).ShouldBeNull();
        (await _users.FindByEmailAsync(Acme, "bob@acme.example", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task WithRoleAsync_SeveralUsers_GivesThoseWithTheRoleByAddress()
    {
        await _users.NoteAsync(Eve with { Roles = [Role.Reviewer, Role.Cfo] }, Cancellation);
        await _users.NoteAsync(new Caller(Acme, "bob", "bob@acme.example", [Role.Reviewer]), Cancellation);
        await _users.NoteAsync(new Caller(Acme, "dan", "dan@acme.example", [Role.Analyst]), Cancellation);
        await _users.NoteAsync(new Caller(new TenantId("other"), "ann", "ann@other.example", [Role.Reviewer]), Cancellation);

        (await _users.WithRoleAsync(Acme, Role.Reviewer, Cancellation)).Select(user => user.UserId).ShouldBe(["bob", Eve.UserId]);
        (await _users.WithRoleAsync(Acme, Role.Admin, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task NoteAsync_SameUserAgain_WritesOnceADay()
    {
        await _users.NoteAsync(Eve, Cancellation);
        var first = await ETagAsync();
        _clock.Advance(TimeSpan.FromHours(2));
        await _users.NoteAsync(Eve, Cancellation);
        await new SignedInUsers(_records, _clock).NoteAsync(Eve, Cancellation);
        (await ETagAsync()).ShouldBe(first, "neither this process nor another writes again on the same day");

        _clock.Advance(TimeSpan.FromDays(1));
        await _users.NoteAsync(Eve, Cancellation);
        (await ETagAsync()).ShouldNotBe(first);
    }

    [Fact]
    public async Task NoteAsync_OtherRolesOrAddress_AreKnownAtOnce()
    {
        await _users.NoteAsync(Eve, Cancellation);
        await _users.NoteAsync(Eve with { Roles = [Role.Reviewer] }, Cancellation);
        (await _users.WithRoleAsync(Acme, Role.Reviewer, Cancellation)).Count.ShouldBe(1);

        await _users.NoteAsync(Eve with { Email = "eve.smith@acme.example" }, Cancellation);
        (await _users.FindByEmailAsync(Acme, "eve.smith@acme.example", Cancellation)).ShouldNotBeNull();
        (await _users.FindByEmailAsync(Acme, Eve.Email, Cancellation)).ShouldBeNull();
    }

    private async Task<string> ETagAsync() =>
        (await _records.QueryAsync(SignedInUser.Container, Acme, new RecordQuery([]), Cancellation)).Items.ShouldHaveSingleItem().ETag;
}
