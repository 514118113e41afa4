using ElfMmu.Dwarf;
using ElfMmu.Elf;

namespace ElfMmu.Tests.Dwarf;

/// <summary>A unit with one of everything.</summary>
internal static class DwarfSample
{
    public const string Directory = "/home/user/project";

    public static DwarfUnit Of(DwarfTarget target)
    {
        ulong word = (ulong)target.AddressSize;
        var intType = new DwarfBaseType("int", 4, DwarfEncoding.Signed);
        var unsignedType = new DwarfBaseType("unsigned int", 4, DwarfEncoding.Unsigned);
        var charType = new DwarfBaseType("char", 1, DwarfEncoding.SignedChar);
        var u32 = new DwarfTypedef("u32", unsignedType);
        var node = new DwarfStructType(DwarfStructKind.Struct, "node");
        var forward = new DwarfStructType(DwarfStructKind.Struct, "hidden");
        var color = new DwarfEnumType("color", 4) { Underlying = unsignedType };
        color.Enumerators.AddRange([new("RED", 0), new("GREEN", 1), new("BLUE", 0xffff_ffff)]);
        var sign = new DwarfEnumType("sign", 4) { Underlying = intType };
        sign.Enumerators.AddRange([new("MINUS", -1), new("PLUS", 1)]);
        var inner = new DwarfStructType(DwarfStructKind.Union, null, 4);
        inner.Members.AddRange([new("word", u32, 0), new("bytes", new DwarfArrayType(charType, 4), 0)]);
        var callback = new DwarfFunctionType(intType, new("n", new DwarfPointerType(node)), new(null, u32)) { IsVariadic = true };
        var nothing = new DwarfFunctionType(null);
        node.Members.AddRange(
        [
            new("next", new DwarfPointerType(node), 0),
            new("hidden", new DwarfPointerType(forward), word),
            new(null, inner, 2 * word),
            DwarfMember.Bits("low", unsignedType, (16 * word) + 32, 3),
            DwarfMember.Bits("high", unsignedType, (16 * word) + 35, 5),
            new("color", color, (2 * word) + 8),
            new("matrix", new DwarfArrayType(intType, 2, 3), (2 * word) + 12),
            new("pad", u32, (2 * word) + 36),
            new("call", new DwarfPointerType(callback), (2 * word) + 40),
            new("tail", new DwarfArrayType(charType, [null]), (3 * word) + 40),
        ]);
        node.Size = (3 * word) + 40;
        node.Alignment = word;

        var text = new DwarfPointerType(new DwarfQualifiedType(DwarfQualifier.Const, charType));
        var fast = new DwarfQualifiedType(DwarfQualifier.Volatile, new DwarfQualifiedType(DwarfQualifier.Const, u32));
        var unit = new DwarfUnit { Name = "src/main.c", Directory = Directory, Producer = "a test" };
        unit.Types.AddRange([sign, new DwarfPointerType(nothing), new DwarfArrayType(u32, 0), node]);
        unit.Variables.AddRange(
        [
            new("head", 0x20000, node) { File = "src/main.c", Line = 3 },
            new("names", 0x20100, new DwarfArrayType(text, 4), IsExternal: false) { File = "include/names.h", Line = 70000 },
            new("untyped", 0x20200, null),
            new("ticks", 0x20300, fast),
        ]);
        unit.Constants.AddRange([new("PAGE_SIZE", 4096, unsignedType), new("ERROR", -22, intType)]);
        var main = new DwarfFunctionType(
            intType,
            new("argc", intType) { Location = DwarfLocation.FrameOffset(-32) },
            new("argv", new DwarfPointerType(text)) { Location = DwarfLocation.Register(2) });
        var frame = target.Machine == ElfMachine.Mips ? DwarfFrame.FramePointer(8, 32) : DwarfFrame.FramePointer(8);
        unit.Functions.AddRange(
        [
            new("main", 0x10000, 0x100, main)
            {
                File = "src/main.c",
                Line = 10,
                Frame = frame,
                Locals =
                [
                    new("i", intType, DwarfLocation.FrameOffset(-16)) { Line = 12 },
                    new("n", new DwarfPointerType(node), DwarfLocation.RegisterOffset(40, 8)),
                    new("s", u32, DwarfLocation.Address(0x20400)),
                    new("gone", sign, null),
                ],
            },
            new("leaf", 0x10100, 0x40, new DwarfFunctionType(null), IsExternal: false) { Frame = DwarfFrame.Leaf },
            new("printk", 0x10200, 0x80, new DwarfFunctionType(intType, new DwarfParameter("format", text)) { IsVariadic = true }),
            new("label", 0x10300, 0),
        ]);
        unit.Lines.AddRange(
        [
            new(0x10000, "src/main.c", 10),
            new(0x10004, "src/main.c", 11) { Column = 5 },
            new(0x10008, "src/main.c", 12) { Column = 9, IsStatement = false },
            new(0x10010, "include/names.h", 70000),
            new(0x10010, "src/main.c", 2),
            new(0x10080, "src/main.c", 40),
            new(0x100fc, "src/main.c", 0),
            DwarfLine.End(0x10100),
            new(0x10200, "/abs/printk.c", 1),
            new(0x10204, "/abs/printk.c", 2),
            new(0x10278, "/abs/printk.c", 900),
        ]);
        return unit;
    }
}
