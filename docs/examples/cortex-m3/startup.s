@ Fills RAM as C wants it, calls main, and ends through the debugger.
Reset_Handler:
    mov.w r0, #0x20000000   @ .data in RAM
    movw  r1, #0xe0         @ .data in flash
    ldr   r2, =0x2000000c   @ its end, where .bss starts
copy:
    cmp   r0, r2
    bhs   copied
    ldr   r3, [r1], #4
    str   r3, [r0], #4
    b     copy
copied:
    ldr   r2, =0x2000001c   @ the end of .bss
    movs  r3, #0
zero:
    cmp   r0, r2
    bhs   zeroed
    str   r3, [r0], #4
    b     zero
zeroed:
    bl    main
    movs  r0, #0x18         @ SYS_EXIT
    ldr   r1, =0x20026      @ ADP_Stopped_ApplicationExit
    bkpt  0xab              @ semihosting
Default_Handler:
    b     Default_Handler
