using System.Globalization;
using System.Numerics;
using ElfMmu.Reading;
using ElfMmu.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace ElfMmu.Tests.Reading;

/// <summary>Types of values: their names, and bytes to values and back.</summary>
public class MemoryValueTests
{
    private static readonly DataModel Little64 = new(ByteOrder.Little, 64);
    private static readonly DataModel Big32 = new(ByteOrder.Big, 32);

    [Theory]
    [InlineData("u8", "ff", (byte)255)]
    [InlineData("i8", "ff", (sbyte)-1)]
    [InlineData("u16", "3412", (ushort)0x1234)]
    [InlineData("u16be", "1234", (ushort)0x1234)]
    [InlineData("i16be", "fffe", (short)-2)]
    [InlineData("u32", "78563412", 0x12345678U)]
    [InlineData("U32BE", "12345678", 0x12345678U)]
    [InlineData("i32le", "feffffff", -2)]
    [InlineData("u64be", "0123456789abcdef", 0x0123456789abcdefUL)]
    [InlineData("i64", "ffffffffffffffff", -1L)]
    [InlineData("f32", "0000c03f", 1.5f)]
    [InlineData("f64be", "3ff8000000000000", 1.5)]
    [InlineData("ptr", "0010000080ffffff", 0xffffff80_00001000UL)]
    [InlineData("char", "41", 'A')]
    [InlineData("char", "e9", 'é')]
    [InlineData("wchar", "ac20", '€')]
    [InlineData("wcharbe", "20ac", '€')]
    [InlineData("bool", "01", true)]
    [InlineData("bool", "00", false)]
    public void TheNameSaysWhatBytesMean(string name, string hex, object value)
    {
        MemoryValueCodec codec = MemoryValueType.Parse(name).In(Little64);
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Equal(bytes.Length, codec.Size);
        Assert.Equal(value, codec.Decode(bytes));
        Assert.Equal(bytes, codec.Encode(value));
        Assert.Equal(name, MemoryValueType.Parse(name).Name, ignoreCase: true);
    }

    [Theory]
    [InlineData("u128", "01000000000000000000000000000080", "170141183460469231731687303715884105729")]
    [InlineData("i128be", "ffffffffffffffffffffffffffffff00", "-256")]
    public void NumbersOf128BitsAreWhole(string name, string hex, string number)
    {
        MemoryValueCodec codec = MemoryValueType.Parse(name).In(Little64);
        BigInteger value = BigInteger.Parse(number, CultureInfo.InvariantCulture);
        Assert.Equal(value, codec.Decode(Convert.FromHexString(hex)));
        Assert.Equal(Convert.FromHexString(hex), codec.Encode(value));
        Assert.Equal(Convert.FromHexString(hex), codec.Encode(number));
    }

    [Fact]
    public void WhatTheNameLeavesOpenIsTheMachines()
    {
        byte[] bytes = [0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0];
        MemoryValueCodec pointer = MemoryValueType.Parse("ptr").In(Big32);
        Assert.Equal((4, ByteOrder.Big), (pointer.Size, pointer.ByteOrder));
        Assert.Equal(0x12345678UL, pointer.Decode(bytes));
        Assert.Equal("0x12345678", pointer.Format(0x12345678UL));
        Assert.Equal(bytes[..4], pointer.Encode(0x12345678UL));
        Assert.Equal(0x78563412UL, MemoryValueType.Parse("ptrle").In(Big32).Decode(bytes));
        Assert.Equal((ushort)0x1234, MemoryValueType.Parse("u16").In(Big32).Decode(bytes));
        Assert.Throws<ElfMmuException>(() => pointer.Encode(0x1_0000_0000UL));
    }

    [Theory]
    [InlineData("u32", "0xffff_ffff", "ffffffff")]
    [InlineData("i32", "0xffffffff", "ffffffff")]
    [InlineData("i32", "-1", "ffffffff")]
    [InlineData("u64", "0xffff8880`00000000", "000000008088ffff")]
    [InlineData("u16", "65535", "ffff")]
    [InlineData("char", "5", "35")]
    [InlineData("char", "0x05", "05")]
    [InlineData("bool", "True", "01")]
    [InlineData("bool", "2", "01")]
    [InlineData("f64", "1.5", "000000000000f83f")]
    [InlineData("f32", "0x10", "00008041")]
    public void TextIsTakenAsPeopleWriteIt(string name, string text, string hex) =>
        Assert.Equal(hex, Convert.ToHexStringLower(MemoryValueType.Parse(name).In(Little64).Encode(text)));

    [Theory]
    [InlineData("u8", 256)]
    [InlineData("u8", -1)]
    [InlineData("i8", 128)]
    [InlineData("i8", "0x100")]
    [InlineData("u32", "0x100000000")]
    [InlineData("u32", "0x")]
    [InlineData("u32", "")]
    [InlineData("u32", "12a")]
    [InlineData("u32", 1.5)]
    [InlineData("u64", double.NaN)]
    [InlineData("u64", double.PositiveInfinity)]
    [InlineData("f32", 1e300)]
    [InlineData("f64", "x")]
    [InlineData("char", "ab")]
    [InlineData("char", "€")]
    [InlineData("u8", null)]
    public void WhatNoValueOfTheTypeIsIsAnError(string name, object? value) =>
        Throws.Error("ValueInvalid", () => MemoryValueType.Parse(name).In(Little64).Encode(value));

    [Theory]
    [InlineData("")]
    [InlineData("u24")]
    [InlineData("le")]
    [InlineData("u32 be")]
    [InlineData("u32lebe")]
    public void AnUnknownNameIsAnErrorThatListsTheTypes(string name) =>
        Assert.Contains("u128", Throws.Error("ValueTypeUnknown", () => MemoryValueType.Parse(name)).Message, StringComparison.Ordinal);

    /// <summary>Any bytes decode, and what they decode to encodes to the same bytes (of a bool, to its own 0 or 1).</summary>
    [Fact]
    public void BytesComeBack()
    {
        Gen<(string, byte[])> cases =
            from name in Gen.Elements(MemoryValueType.Names.ToArray())
            from suffix in Gen.Elements("", "le", "be")
            from bytes in Gen.Elements(0, 1, 0x7f, 0x80, 0xff).Or(Gen.Choose(0, 255)).ArrayOf(16)
            select (name + suffix, bytes.Select(b => (byte)b).ToArray());
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            foreach (DataModel model in (DataModel[])[Little64, Big32])
            {
                MemoryValueCodec codec = MemoryValueType.Parse(c.Item1).In(model);
                object value = codec.Decode(c.Item2);
                byte[] expected = value is bool yes ? [yes ? (byte)1 : (byte)0] : c.Item2[..codec.Size];
                if (value is float.NaN or double.NaN)
                {
                    // Which of the NaNs it was needn't survive.
                    Assert.Equal(value, codec.Decode(codec.Encode(value)));
                    continue;
                }

                Assert.Equal(expected, codec.Encode(value));
                if (codec.Type.Kind != MemoryValueKind.Character)
                {
                    Assert.Equal(expected, codec.Encode(codec.Format(value)));
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }
}
