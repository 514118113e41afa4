; A machine without Windows in it that has what QEMU asks of one for "dump-guest-memory -w": a crash dump's header in the fw_cfg file etc/vmcoreinfo,
; and the kernel's debugger data with two processors. Assembled twice: -DWIDE=1 for 4-level paging (DUMP64), -DWIDE=0 for PAE (DUMP32).
; Loaded at 1 MiB by multiboot; everything stands at fixed addresses, and high addresses map physical address 0 on.

%if WIDE
%define HIGH 0xfffff80000000000
%define HEADER 0x2000
%define P 8
%macro ptr 1
        dq %1
%endmacro
%else
%define HIGH 0x80000000
%define HEADER 0x1000
%define P 4
%macro ptr 1
        dd %1
%endmacro
%endif

; Moves on to an offset from a label, over what Windows leaves in a header, or over zeros.
%macro fill 2
        times ((%1) + (%2) - $) / 4 dd 0x45474150
%endmacro
%macro skip 2
        times (%1) + (%2) - $ db 0
%endmacro

        org 0x100000
        bits 32
base:
        dd 0x1badb002, 0x10000, -(0x1badb002 + 0x10000)
        dd base, base, loaded, end, start

start:
        mov esp, stack
        ; Look for the file in the directory.
        mov dx, 0x510
        mov ax, 0x19
        out dx, ax
        inc dx
        mov edi, entry
        mov ecx, 4
        rep insb
        mov ebx, [entry]
        bswap ebx
next:   test ebx, ebx
        jz stop
        dec ebx
        mov edi, entry
        mov ecx, 64
        rep insb
        mov esi, name
        mov edi, entry + 8
        mov ecx, 15
        repe cmpsb
        jne next
        ; Write the 16 bytes by DMA.
        movzx eax, word [entry + 4]
        xchg al, ah
        shl eax, 16
        or eax, 0x18
        bswap eax
        mov [access], eax
        mov eax, vmcoreinfo
        bswap eax
        mov [access + 12], eax
        mov dx, 0x514
        xor eax, eax
        out dx, eax
        mov dx, 0x518
        mov eax, access
        bswap eax
        out dx, eax
        ; What the firmware left is nothing to keep. Between 2 and 3 MiB each page is full of its number.
        cld
        xor eax, eax
        xor edi, edi
        mov ecx, 0xa0000 / 4
        rep stosd
        mov edi, end
        mov ecx, (0x800000 - (end - base) - 0x100000) / 4
        rep stosd
        mov edi, 0x200000
fill_page:
        mov eax, edi
        shr eax, 12
        mov ecx, 1024
        rep stosd
        cmp edi, 0x300000
        jb fill_page
        ; Paging.
        mov eax, cr4
        or eax, 0xb0
        mov cr4, eax
        mov eax, root
        mov cr3, eax
%if WIDE
        mov ecx, 0xc0000080
        rdmsr
        or eax, 0x900
        wrmsr
%endif
        mov eax, cr0
        or eax, 0x80010001
        mov cr0, eax
        lgdt [gdtr]
        jmp 8:low
%if WIDE
        bits 64
low:    mov rax, HIGH + high
        jmp rax
high:   mov rdi, HIGH + control0 + 0x100
        mov rax, cr0
        mov [rdi], rax
        mov rax, cr2
        mov [rdi + 8], rax
        mov rax, cr3
        mov [rdi + 16], rax
        mov rax, cr4
        mov [rdi + 24], rax
        sgdt [rdi + 0x56]
        mov rsp, HIGH + stack
        mov ax, 16
        mov ss, ax
        mov ds, ax
        mov es, ax
        mov rax, 0x1111111111111100
        mov rbx, 0x1111111111111103
        mov rcx, 0x1111111111111101
        mov rdx, 0x1111111111111102
        mov rbp, 0x1111111111111105
        mov rsi, 0x1111111111111106
        mov rdi, 0x1111111111111107
%assign i 8
%rep 8
        mov r%[i], 0x1111111111111100 + i
%assign i i + 1
%endrep
%else
low:    mov eax, HIGH + high
        jmp eax
high:   mov edi, HIGH + control0 + 0x100
        mov eax, cr0
        mov [edi], eax
        mov eax, cr2
        mov [edi + 4], eax
        mov eax, cr3
        mov [edi + 8], eax
        mov eax, cr4
        mov [edi + 12], eax
        sgdt [edi + 0x2a]
        mov esp, HIGH + stack
        mov ax, 16
        mov ss, ax
        mov ds, ax
        mov es, ax
        mov eax, 0x11111100
        mov ecx, 0x11111101
        mov edx, 0x11111102
        mov ebx, 0x11111103
        mov ebp, 0x11111105
        mov esi, 0x11111106
        mov edi, 0x11111107
%endif
stop:   hlt
        jmp stop

name:   db "etc/vmcoreinfo", 0
        align 16
gdt:    dq 0
%if WIDE
        dq 0x00af9b000000ffff
%else
        dq 0x00cf9b000000ffff
%endif
        dq 0x00cf93000000ffff
gdtr:   dw 23
        ptr HIGH + gdt
        align 16
entry:  times 64 db 0
access: dd 0, 0x10000000
        dd 0
        dd 0 ; its address, put in at the start
        align 16
vmcoreinfo:
        dw 0, 1
        dd note_end - note
        dq note

; The note, and in it the header.
        align 4096
        skip $$, ($ - $$) + 4096 - 24
note:   dd 11, HEADER, 0
        db "VMCOREINFO", 0, 0
header: db "PAGE"
%if WIDE
        db "DU64"
%else
        db "DUMP"
%endif
        dd 15, 19045
        ptr root
        ptr 0
        ptr HIGH + 0x300000
        ptr HIGH + 0x300100
%if WIDE
        dd 0x8664, 2, 0, 0
        times 4 dq 0
        fill header, 0x80
        dq HIGH + data
        dd 2, 0
        dq 0xa0 + 0x700
        dq 0, 0xa0, 0x100, 0x700
        fill header, 0xf98
        dd 1, 0
        fill header, 0xfa8
        dq 0x01da6b0aa3b6c380
        db "A machine without Windows", 0
        align 16, db 0
        fill header, 0x1030
        dq 98765432100
        fill header, 0x1040
        dd 1
%else
        dd 0x14c, 2, 0, 0, 0, 0, 0
        fill header, 0x5c
        db 1, 0, 0, 0
        dd HIGH + data
        dd 2, 0xa0 + 0x700
        dd 0, 0xa0, 0x100, 0x700
        fill header, 0x820
        db "A machine without Windows", 0
        align 16, db 0
        fill header, 0xf88
        dd 1
        fill header, 0xf94
        dd 1
        fill header, 0xfb8
        dq 98765432100
        dq 0x01da6b0aa3b6c380
%endif
        fill header, HEADER
note_end:

; Page tables: 8 MiB from the base on in pages of 2 MiB, and behind them a few small pages.
        align 4096
%if WIDE
root:   dq tables + 3
        skip root, 8 * 0x1f0
        dq tables + 3
        skip root, 4096
tables: dq directory + 3
        skip tables, 4096
%else
        skip $$, ($ - $$) + 0x60
root:   dq directory + 1, 0, directory + 1, 0
        align 4096, db 0
%endif
directory:
        dq 0x000083, 0x200083, 0x400083, 0x600083, small + 3
        skip directory, 4096
small:  dq 0x200003, 0x203003, 0x202001, 0, 0x300003
        skip small, 4096

; Debugger data: it crosses a page.
        skip small, 4096 + 0xf00
data:   dq 0, 0
        db "KDBG"
        dd 0x380
        dq HIGH
        skip data, 0x88
        dq HIGH + crash
        skip data, 0xc0
        dq HIGH + 0x310000
        skip data, 0x218
        dq HIGH + block
        skip data, 0x2bc
        dw 0x500
        skip data, 0x2f2
        dw 0x100
        skip data, 0x338
        dw 0x40
        skip data, 0x380
crash:
%if WIDE
        dq 0x12345678, 0x51, 0x52, 0x53, 0x54
%else
        dd 0x12345678, 0x51, 0x52, 0x53, 0x54
%endif
        align 16, db 0
block:  ptr HIGH + control0
        ptr HIGH + control1
        align 4096, db 0
control0:
        skip control0, 0x40
        ptr HIGH + context0
        skip control0, 4096
control1:
        skip control1, 0x40
        ptr HIGH + context1
        skip control1, 4096
context0:
        skip context0, 0x800
context1:
        skip context1, 0x800
loaded:
        times 4096 db 0
stack:
end:
