using System.Globalization;

namespace Billing.Tools;

/// <summary>Names of people and businesses. Surnames have their frequencies in the north of China.</summary>
internal sealed class Names(int seed)
{
    // Share of the population, per mille; the rest of the list is rarer.
    private const string Surnames =
        "王82 李80 张77 刘63 陈35 杨34 赵31 孙24 马19 高17 郭17 周16 徐15 宋14 韩13 于13 胡12 朱12 林12 何11 冯11 董10 " +
        "郑10 罗9 梁9 谢9 唐8 许8 曹8 田8 崔8 任7 贾7 姜7 杜7 魏7 吕7 丁6 沈6 彭6 苏6 卢6 范6 石6 孟5 侯5 白5 秦5 段5 " +
        "阎4 薛4 邢4 史4 郝4 武4 康4 邵4 尹3 钱3 常3 安3 齐3 贺3 龚3 汤3 乔3 庞3 樊2 兰2 尚2 倪2 霍2 翟2 耿2 牛2 鲁2 " +
        "欧阳1 司马1 上官1 诸葛1";

    private const string MenGiven =
        "伟 强 磊 军 勇 杰 涛 明 超 刚 辉 鹏 斌 波 浩 宇 建国 建华 志强 志刚 国强 海涛 文博 子轩 浩然 宇航 俊杰 天佑 " +
        "振华 永强 德福 金生 长河 家豪 一鸣 晓东 春生 玉林 世杰 嘉诚 立新 红军 卫东 新民 庆生";

    private const string WomenGiven =
        "芳 娜 敏 静 丽 艳 娟 霞 燕 玲 婷 雪 倩 颖 琳 秀英 桂英 秀兰 玉兰 淑珍 凤英 淑华 雨涵 欣怡 梓涵 诗涵 思雨 佳怡 " +
        "晓梅 春华 海燕 丽娟 红梅 雅静 美玲 慧敏 小红 桂芝 秋菊 婉清 若曦 冬梅 凤霞 玉珍 佳宁";

    private static readonly (string[] Text, double[] Cumulated) Families = Weighted(Surnames);
    private static readonly string[] Men = MenGiven.Split(' ');
    private static readonly string[] Women = WomenGiven.Split(' ');
    private static readonly string[] Brands =
        ("鸿运 永和 康泰 金源 华联 惠民 益康 福满 聚鑫 东升 瑞祥 新世纪 百盛 恒通 隆昌 天和 京味 老城 四季 家家乐 好邻居 万家 " +
        "同顺 广源 德胜 春晖 美廉 宏达 明珠 嘉禾").Split(' ');

    private static readonly string[] Shops =
        "超市 便利店 饭庄 面馆 药房 美发店 洗衣店 水果店 书店 五金店 眼镜店 茶庄 健身中心 宾馆 牙科诊所 房产经纪 文具店 烘焙坊".Split(' ');

    private static readonly string[] Works =
        "机械制造 食品加工 印刷包装 电子科技 汽车配件 塑料制品 制药 建材 纺织 仪器仪表".Split(' ');

    private static readonly string[] Prefixes =
        "130 131 133 135 136 137 138 139 150 151 152 158 159 176 177 186 188 189 199".Split(' ');

    private readonly Chance _people = new(seed, "people");
    private readonly Chance _businesses = new(seed, "businesses");
    private readonly Chance _phones = new(seed, "phones");

    public string Person() =>
        Families.Text[_people.ByWeight(Families.Cumulated)] + _people.Of(_people.Happens(0.5) ? Men : Women);

    public string Shop(string project) => $"{_businesses.Of(Brands)}{_businesses.Of(Shops)}({project}店)";

    public string Institution(string project, string kind) => kind switch
    {
        "学校" => $"{Numeral(_businesses.Between(1, 99))}{_businesses.Of(["小学", "中学", "中学分校"])}",
        "医院" => $"{project}社区卫生服务中心",
        "幼儿园" => $"{project}幼儿园",
        _ => $"{project}{_businesses.Of(["社区居民委员会", "街道办事处", "派出所", "养老驿站"])}",
    };

    public string Factory() => $"北京{_businesses.Of(Brands)}{_businesses.Of(Works)}有限公司";

    public string Mobile() => _phones.Of(Prefixes) + _phones.Digits(8);

    public string Landline() => "010-" + _phones.Between(5, 8) + _phones.Digits(7);

    private static string Numeral(int number)
    {
        const string digits = "零一二三四五六七八九";
        var tens = (number / 10) switch { 0 => "", 1 => "十", var n => digits[n] + "十" };
        return $"第{tens}{(number % 10 == 0 ? "" : digits[number % 10])}";
    }

    private static (string[] Text, double[] Cumulated) Weighted(string list)
    {
        var entries = list.Split(' ').Select(entry => (
            Text: string.Concat(entry.Where(c => !char.IsAsciiDigit(c))),
            Weight: int.Parse(string.Concat(entry.Where(char.IsAsciiDigit)), CultureInfo.InvariantCulture))).ToArray();
        var sum = 0.0;
        return ([.. entries.Select(entry => entry.Text)], [.. entries.Select(entry => sum += entry.Weight)]);
    }
}
