using Billing.Contracts;
using FsCheck;
using FsCheck.Fluent;

namespace Billing.Customers.Tests;

public sealed class MaskTests
{
    [Theory]
    [InlineData("张伟", "张*")]
    [InlineData("王秀英", "王*")]
    [InlineData("欧阳娜娜", "欧*")]
    [InlineData("买买提·艾力", "买*")]
    [InlineData("John Smith", "J*")]
    [InlineData("𠮷田", "𠮷*")]
    [InlineData("张", "*")]
    public void A_person_keeps_the_first_character(string name, string masked) =>
        Mask.Name(name, HolderKind.Person).Should().Be(masked);

    [Theory]
    [InlineData("北京阳光餐饮有限公司", "北京**公司")]
    [InlineData("北京热力公司", "北京**公司")]
    [InlineData("北京某公司", "北**司")]
    [InlineData("朝阳小学", "朝**学")]
    [InlineData("供电局", "供*")]
    [InlineData("市局", "*")]
    public void A_company_keeps_its_ends_and_hides_at_least_two_characters(string name, string masked) =>
        Mask.Name(name, HolderKind.Company).Should().Be(masked);

    [Fact]
    public void No_name_is_ever_shown_whole() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonEmptyString>(), ArbMap.Default.ArbFor<bool>(),
        (name, company) =>
        {
            var masked = Mask.Name(name.Get, company ? HolderKind.Company : HolderKind.Person);
            return masked.Contains('*') && masked.Replace("*", "").Length < name.Get.Length;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("张伟", HolderKind.Person)]
    [InlineData("欧阳娜娜", HolderKind.Person)]
    [InlineData("张学", HolderKind.Person)]
    [InlineData("王小店", HolderKind.Person)]
    [InlineData("买买提·艾力", HolderKind.Person)]
    [InlineData("阿卜杜勒·中学", HolderKind.Person)]
    [InlineData("John Smith", HolderKind.Person)]
    [InlineData("朝阳小学", HolderKind.Company)]
    [InlineData("北京阳光餐饮有限公司", HolderKind.Company)]
    [InlineData("海淀区教育委", HolderKind.Company)]
    public void A_name_tells_what_it_stands_for(string name, HolderKind kind) => Mask.KindOf(name).Should().Be(kind);
}
