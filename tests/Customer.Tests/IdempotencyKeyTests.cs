using System.Net;
using System.Text;
using Billing.Contracts.Api;
using Billing.Testing;

namespace Billing.Customers.Tests;

public sealed class IdempotencyKeyTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    [Fact]
    public async Task The_same_key_and_body_get_the_first_answer_again_byte_for_byte()
    {
        var file = Town.File(1_000, 3);

        var first = await service.Http.SendAsync(Town.Import(file, "k1"));
        var again = await service.Http.SendAsync(Town.Import(file, "k1"));

        again.StatusCode.Should().Be(first.StatusCode).And.Be(HttpStatusCode.OK);
        (await again.Content.ReadAsByteArrayAsync()).Should().Equal(await first.Content.ReadAsByteArrayAsync());
        again.Content.Headers.ContentType.Should().Be(first.Content.Headers.ContentType);
        again.Headers.GetValues("Idempotency-Replayed").Should().Equal("true");
    }

    [Fact]
    public async Task A_refusal_is_not_kept_for_what_it_asks_for_may_come()
    {
        var first = await service.Http.SendAsync(Town.Import("account\n", "k2"));
        var other = await service.Http.SendAsync(Town.Import(Town.File(1_500, 1), "k2"));

        first.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        other.StatusCode.Should().Be(HttpStatusCode.OK);
        other.Headers.Contains("Idempotency-Replayed").Should().BeFalse();
    }

    [Fact]
    public async Task A_key_belongs_to_its_caller()
    {
        var first = Town.Import(Town.File(1_600, 1), "k7").As("li");
        var other = Town.Import(Town.File(1_601, 1), "k7").As("wang");

        (await service.Http.SendAsync(first)).StatusCode.Should().Be(HttpStatusCode.OK);
        var answer = await service.Http.SendAsync(other);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await ServiceFixture.Read<ImportedAccounts>(answer)).Opened.Should().Be(1);
    }

    [Fact]
    public async Task Another_body_under_the_key_is_refused()
    {
        await service.Http.SendAsync(Town.Import(Town.File(2_000, 1), "k3"));

        var other = await service.Http.SendAsync(Town.Import(Town.File(2_001, 1), "k3"));

        other.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await ServiceFixture.CodeOf(other)).Should().Be("idempotency-key-reused");
    }

    [Fact]
    public async Task A_repetition_while_the_first_is_under_way_is_a_conflict()
    {
        await service.Scalar<int>("""
            with begun as (
              insert into idempotency (caller, key, route, body_hash)
              values ('user:everybody', 'k4', '/imports/accounts', sha256($1)) returning 1)
            select count(*)::int from begun
            """, Encoding.UTF8.GetBytes(Town.File(3_000, 1)));

        var response = await service.Http.SendAsync(Town.Import(Town.File(3_000, 1), "k4"));

        response.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await ServiceFixture.CodeOf(response)).Should().Be("idempotency-key-in-flight");
    }

    [Fact]
    public async Task A_key_is_required()
    {
        var request = Town.Import(Town.File(4_000, 1), "k5");
        request.Headers.Remove("Idempotency-Key");

        var response = await service.Http.SendAsync(request);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await ServiceFixture.CodeOf(response)).Should().Be("idempotency-key-missing");
    }

    [Fact]
    public async Task A_first_attempt_that_broke_off_does_not_become_an_answer()
    {
        await using (var hide = service.Running.Source.CreateCommand("alter table imports rename to imports_hidden"))
            await hide.ExecuteNonQueryAsync();
        var broken = await service.Http.SendAsync(Town.Import(Town.File(5_000, 2), "k6"));
        await using (var show = service.Running.Source.CreateCommand("alter table imports_hidden rename to imports"))
            await show.ExecuteNonQueryAsync();

        var again = await service.Http.SendAsync(Town.Import(Town.File(5_000, 2), "k6"));

        broken.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        (await ServiceFixture.Read<ImportedAccounts>(again)).Opened.Should().Be(2);
    }
}
