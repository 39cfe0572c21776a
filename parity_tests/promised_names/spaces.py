"""The promised names of torch's other spaces, by space."""

from __future__ import annotations

# prefix -> names
NAMES: dict[str, str] = {
    "_C.": "_log_api_usage_once",
    "__config__.": "parallel_info show",
    "amp.": "GradScaler autocast custom_bwd custom_fwd",
    "autograd.": """
        Function Variable backward detect_anomaly enable_grad grad gradcheck
        gradgradcheck inference_mode no_grad set_detect_anomaly
        set_grad_enabled set_multithreading_enabled
    """,
    "autograd.functional.": "hessian hvp jacobian jvp vhp vjp",
    "autograd.graph.": """
        GradientEdge Node allow_mutation_on_saved_tensors
        disable_saved_tensors_hooks get_gradient_edge increment_version
        register_multi_grad_hook save_on_cpu saved_tensors_hooks
    """,
    "autograd.profiler.": "record_function",
    "cuda.amp.": "GradScaler autocast custom_bwd custom_fwd",
    "distributions.": """
        AbsTransform AffineTransform Bernoulli Beta Binomial CatTransform
        Categorical Cauchy Chi2 ComposeTransform ContinuousBernoulli
        CorrCholeskyTransform CumulativeDistributionTransform Dirichlet
        Distribution ExpTransform Exponential ExponentialFamily FisherSnedecor
        Gamma GeneralizedPareto Geometric Gumbel HalfCauchy HalfNormal
        Independent IndependentTransform InverseGamma Kumaraswamy LKJCholesky
        Laplace LogNormal LogisticNormal LowRankMultivariateNormal
        LowerCholeskyTransform MixtureSameFamily Multinomial
        MultivariateNormal NegativeBinomial Normal OneHotCategorical
        OneHotCategoricalStraightThrough Pareto Poisson
        PositiveDefiniteTransform PowerTransform RelaxedBernoulli
        RelaxedOneHotCategorical ReshapeTransform SigmoidTransform
        SoftmaxTransform SoftplusTransform StackTransform
        StickBreakingTransform StudentT TanhTransform Transform
        TransformedDistribution Uniform VonMises Weibull Wishart biject_to
        identity_transform kl_divergence register_kl transform_to
    """,
    "distributions.utils.": """
        _standard_normal _sum_rightmost broadcast_all clamp_probs
        logits_to_probs probs_to_logits tril_matrix_to_vec vec_to_tril_matrix
    """,
    "fft.": """
        fft fft2 fftfreq fftn fftshift hfft hfft2 hfftn ifft ifft2 ifftn
        ifftshift ihfft ihfft2 ihfftn irfft irfft2 irfftn rfft rfft2 rfftfreq
        rfftn
    """,
    "foreach.": """
        abs abs_ acos acos_ add add_ addcdiv addcdiv_ addcmul addcmul_
        asin asin_ atan atan_ ceil ceil_ clamp_max clamp_max_
        clamp_min clamp_min_ clone copy_ cos cos_ cosh cosh_ div div_
        erf erf_ erfc erfc_ exp exp_ expm1 expm1_ floor floor_ frac
        frac_ lerp lerp_ lgamma lgamma_ log log10 log10_ log1p log1p_
        log2 log2_ log_ max maximum maximum_ minimum minimum_ mm mul
        mul_ neg neg_ norm pow pow_ powsum reciprocal reciprocal_
        round round_ rsqrt rsqrt_ sigmoid sigmoid_ sign sign_ sin sin_
        sinh sinh_ sqrt sqrt_ sub sub_ tan tan_ tanh tanh_ trunc
        trunc_ zero_
    """,
    "func.": """
        functional_call functionalize grad grad_and_value hessian jacfwd
        jacrev jvp linearize stack_module_state vjp vmap
    """,
    "futures.": "Future collect_all wait_all",
    "linalg.": """
        LinAlgError cholesky cholesky_ex cond cross det diagonal eig eigh
        eigvals eigvalsh householder_product inv inv_ex ldl_factor
        ldl_factor_ex ldl_solve lstsq lu lu_factor lu_factor_ex lu_solve
        matmul matrix_exp matrix_norm matrix_power matrix_rank matrix_sqrth
        multi_dot norm pinv polar qr slogdet solve solve_ex solve_triangular
        svd svdvals tensorinv tensorsolve vander vecdot vector_norm
    """,
    "overrides.": """
        TorchFunctionMode enable_reentrant_dispatch get_ignored_functions
        get_overridable_functions get_testing_overrides handle_torch_function
        has_torch_function is_tensor_like is_tensor_method_or_property
        resolve_name wrap_torch_function
    """,
    "masked.": """
        amax amin argmax argmin cumprod cumsum log_softmax logaddexp logsumexp
        mean median norm normalize prod softmax softmin std sum var
    """,
    "profiler.": "record_function",
    "serialization.": """
        DEFAULT_PROTOCOL MAP_LOCATION add_safe_globals clear_safe_globals
        get_safe_globals get_unsafe_globals_in_checkpoint load safe_globals save
    """,
    "signal.windows.": """
        bartlett blackman cosine exponential gaussian general_cosine
        general_hamming hamming hann kaiser nuttall
    """,
    "torch_version.": "TorchVersion",
    "special.": """
        airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 chebyshev_polynomial_t
        chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w
        digamma entr erf erfc erfcx erfinv exp2 expit expm1 gammainc gammaincc
        gammaln hermite_polynomial_h hermite_polynomial_he i0 i0e i1 i1e
        laguerre_polynomial_l legendre_polynomial_p log1p log_ndtr log_softmax
        logit logsumexp modified_bessel_i0 modified_bessel_i1
        modified_bessel_k0 modified_bessel_k1 multigammaln ndtr ndtri
        polygamma psi round scaled_modified_bessel_k0
        scaled_modified_bessel_k1 shifted_chebyshev_polynomial_t
        shifted_chebyshev_polynomial_u shifted_chebyshev_polynomial_v
        shifted_chebyshev_polynomial_w sinc softmax spherical_bessel_j0
        xlog1py xlogy zeta
    """,
    "types.": "Device FileLike Number Storage",
    "utils.benchmark.": """
        Colorize Compare Measurement TaskSpec Timer ordered_unique select_unit
        set_torch_threads timer trim_sigfig unit_to_english
    """,
    "utils.data.": """
        BatchSampler ChainDataset ConcatDataset DataLoader Dataset
        DistributedSampler IterableDataset RandomSampler Sampler
        SequentialSampler StackDataset Subset SubsetRandomSampler
        TensorDataset WeightedRandomSampler default_collate default_convert
        get_worker_info random_split
    """,
    "vision.datasets.": """
        CIFAR10 CIFAR100 DatasetFolder FakeData FashionMNIST ImageFolder MNIST
        VisionDataset
    """,
    "vision.models.": """
        AlexNet AlexNet_Weights BasicBlock Bottleneck DenseNet
        DenseNet121_Weights DenseNet161_Weights DenseNet169_Weights
        DenseNet201_Weights GoogLeNet GoogLeNetOutputs GoogLeNet_Weights
        Inception3 InceptionOutputs Inception_V3_Weights MNASNet
        MNASNet0_5_Weights MNASNet0_75_Weights MNASNet1_0_Weights
        MNASNet1_3_Weights MobileNetV2 MobileNetV3 MobileNet_V2_Weights
        MobileNet_V3_Large_Weights MobileNet_V3_Small_Weights
        ResNeXt101_32X8D_Weights ResNeXt101_64X4D_Weights
        ResNeXt50_32X4D_Weights ResNet ResNet101_Weights ResNet152_Weights
        ResNet18_Weights ResNet34_Weights ResNet50_Weights ShuffleNetV2
        ShuffleNet_V2_X0_5_Weights ShuffleNet_V2_X1_0_Weights
        ShuffleNet_V2_X1_5_Weights ShuffleNet_V2_X2_0_Weights SqueezeNet
        SqueezeNet1_0_Weights SqueezeNet1_1_Weights VGG VGG11_BN_Weights
        VGG11_Weights VGG13_BN_Weights VGG13_Weights VGG16_BN_Weights
        VGG16_Weights VGG19_BN_Weights VGG19_Weights WeightsEnum
        Wide_ResNet101_2_Weights Wide_ResNet50_2_Weights alexnet densenet121
        densenet161 densenet169 densenet201 get_model get_model_builder
        get_model_weights get_weight googlenet inception_v3 list_models
        mnasnet0_5 mnasnet0_75 mnasnet1_0 mnasnet1_3 mobilenet_v2
        mobilenet_v3_large mobilenet_v3_small resnet101 resnet152 resnet18
        resnet34 resnet50 resnext101_32x8d resnext101_64x4d resnext50_32x4d
        shufflenet_v2_x0_5 shufflenet_v2_x1_0 shufflenet_v2_x1_5
        shufflenet_v2_x2_0 squeezenet1_0 squeezenet1_1 vgg11 vgg11_bn vgg13
        vgg13_bn vgg16 vgg16_bn vgg19 vgg19_bn wide_resnet101_2
        wide_resnet50_2
    """,
    "vision.ops.": """
        Conv2dNormActivation Conv3dNormActivation FrozenBatchNorm2d MLP
        Permute RoIAlign RoIPool SqueezeExcitation StochasticDepth batched_nms
        box_area box_convert box_iou clip_boxes_to_image generalized_box_iou
        masks_to_boxes nms remove_small_boxes roi_align roi_pool
        sigmoid_focal_loss stochastic_depth
    """,
    "vision.transforms.": """
        CenterCrop ColorJitter Compose ConvertImageDtype FiveCrop GaussianBlur
        Grayscale Lambda Normalize PILToTensor Pad RandomAffine RandomApply
        RandomChoice RandomCrop RandomErasing RandomGrayscale
        RandomHorizontalFlip RandomInvert RandomOrder RandomPosterize
        RandomResizedCrop RandomRotation RandomSolarize RandomVerticalFlip
        Resize TenCrop ToDtype ToImage ToPILImage ToTensor
    """,
}
